//! Thin automation.

fn main() {}
