//! `ec20`: the command line. Everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ec20_hil::command::main()
}
