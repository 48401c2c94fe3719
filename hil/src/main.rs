//! `ec20`: the command line.

fn main() {}
