//! What `--help` shows at its end: how each word is used, by example. A test holds each example against the options.

macro_rules! examples {
    ($($name:ident = $($line:literal)+;)+) => {
        $(pub(super) const $name: &str = concat!("Examples:", $("\n  ", $line),+);)+
    };
}

examples! {
    HIL =
        "ec20 hil                                              the whole suite against the simulated module"
        "ec20 hil --port /dev/ttyUSB2                          a real module: only what reads, edits and is put back"
        "ec20 hil --bench bench.toml --dry-run                 what a run on this bench would ask and send; sends nothing"
        "ec20 hil --bench bench.toml                           the run itself"
        "ec20 hil --port usb:1-1.4:2 --allow radio,billable=2 --recipient +4915550001 --set to=+4915550001"
        "                                                      two messages at most, to one number"
        "ec20 hil --filter 'area:edit and not effect:nv'       some of the cases; --list names them"
        "ec20 hil my-cases/                                    your own transcripts, with the built-in set-ups";
    DOCTOR =
        "ec20 doctor                                           lists the serial ports and sends nothing"
        "ec20 doctor --ask                                     asks on each port: AT, ATI, AT+CGSN"
        "ec20 doctor --port /dev/ttyUSB2                       examines one, in the order of the manual's section 1.2"
        "ec20 doctor --bench bench.toml                        the bench as a run would use it";
    SIM =
        "ec20 sim --pty /tmp/ec20 --mmsc 8002                  a module at /tmp/ec20 that sends to the far end at port 8002"
        "ec20 sim --tcp 4000 --profile ec20-r08                another firmware, on TCP"
        "ec20 sim --count 16 --noise urc                       sixteen modules that talk of themselves";
    REPORT = "ec20 report ec20-runs/20260101T000000Z                makes its reports anew";
    GRAMMAR_HTML = "ec20 grammar-html --out grammar.html                  the page of the language, for a browser";
    COMPARE =
        "ec20 compare runs/r06 runs/r08                        what changed between two firmwares"
        "ec20 compare runs/r06 runs/r08 runs/r09               the others against the first";
    QUALIFY = "ec20 qualify --a /dev/ttyUSB2 --b /dev/ttyUSB6 --reps 10   two modules in turn";
    REJUDGE = "ec20 rejudge ec20-runs/20260101T000000Z               what today's suite says of last year's bytes";
    PACK =
        "ec20 pack ec20-runs/20260101T000000Z                  one archive that others can check"
        "ec20 pack RUN --out run.tar.gz --sign ~/.ssh/id_ed25519   the same, and run.tar.gz.sig, by an SSH key";
    VERIFY =
        "ec20 verify run.tar.gz                                whole, its reports made anew, judged again"
        "ec20 verify run.tar.gz --trusted allowed_signers      the same, and signed by one of these";
    MMSC = "ec20 mmsc --listen 8002 --store messages              keeps what arrives";
    LINT =
        "ec20 lint capture.log                                 where a log breaks a promise"
        "ec20 lint --unknown --format json capture.log         also what the manual does not have, for programs";
    TRACE =
        "ec20 trace                                            the table from clauses to cases, rules and mutants"
        "ec20 trace --check                                    only what is missing in it";
    FMT = "ec20 fmt my-cases/qmmsedit.atx                        writes it in its canonical form";
    COMPLETIONS =
        "ec20 completions bash > ~/.local/share/bash-completion/completions/ec20"
        "ec20 completions zsh > ~/.zfunc/_ec20"
        "ec20 completions fish > ~/.config/fish/completions/ec20.fish";
}
