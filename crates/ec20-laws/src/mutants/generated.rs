//! The mutants that follow from the kinds of the clauses: no clause is named here unless its kind says too little.
//!
//! Knows, for each kind, the ways to break it: a limit one off in each direction, the code beside the right one, a line
//! missing, twice or spelled otherwise, taken but not carried out, carried out but refused. Refuses to know behaviour that
//! only prose describes.

use ec20_manual::profile::{Argument, Change, Lines};
use ec20_manual::{Catalogue, Clause, Kind};

use super::{Mutant, answer, argument, lines, replace};

pub(super) fn mutants() -> Vec<Mutant> {
    let clauses = Catalogue::manual().clauses().iter().filter(|clause| !clause.standing);
    clauses
        .flat_map(|clause| {
            let mut all = limits(clause);
            all.extend(words(clause));
            all.extend(codes(clause));
            all.extend(answers(clause));
            all.extend(effects(clause));
            all
        })
        .collect()
}

/// A range that speaks of what the module says, not of what it takes.
const SAID: [&str; 1] = ["CODE-TABLE"];

/// A range of which only the lower end is promised; the upper one is what the field can hold.
const ENDLESS: [&str; 1] = ["FILE-UPLOAD-SIZE"];

fn limits(clause: &Clause) -> Vec<Mutant> {
    if SAID.contains(&clause.id.as_str()) {
        return Vec::new();
    }
    let most = |what, max| Mutant::new(&clause.id, what, Change::Limit { min: None, max: Some(max) });
    let least = |what, min| Mutant::new(&clause.id, what, Change::Limit { min: Some(min), max: None });
    if let Some(range) = &clause.range {
        let (min, max) = (i64::from(range.min), i64::from(range.max));
        let mut all = vec![least("min-high", min + 1)];
        if !ENDLESS.contains(&clause.id.as_str()) {
            all.extend([most("max-low", max - 1), most("max-high", max + 1)]);
        }
        if min > 0 {
            all.push(least("min-low", min - 1));
        }
        return all;
    }
    let limit = clause.limit.iter();
    limit
        .flat_map(|limit| {
            let (accept, refuse) = (i64::from(limit.accept), i64::from(limit.refuse));
            [most("accept-low", accept - 1), most("refuse-high", refuse)]
        })
        .collect()
}

/// A word that is not known.
fn words(clause: &Clause) -> Vec<Mutant> {
    let Some(at) = clause.forms.first().filter(|_| clause.kind == Kind::Range) else { return Vec::new() };
    let unknown = |word: &String| {
        let taken = argument(at, 2, Argument::Replace(word.clone(), "?".into()));
        Mutant::new(&clause.id, &format!("{}-unknown", word.to_lowercase()), taken)
    };
    clause.words.iter().map(unknown).collect()
}

/// The code of a refusal is the one beside it. That of a result line is no refusal's.
fn codes(clause: &Clause) -> Vec<Mutant> {
    let at = clause.forms.first().filter(|_| clause.id != "SEND-TIMEOUT-CODE");
    let (Some(from), Some(at)) = (clause.code, at) else { return Vec::new() };
    [from - 1, from + 1]
        .into_iter()
        .map(|to| {
            let change = Change::Code { at: Some(at.clone()), from, to };
            Mutant::new(&clause.id, &format!("says-{to}"), change)
        })
        .collect()
}

/// Whether a form is answered by information lines. Test forms are, but for those of which the clause says otherwise.
fn informs(form: &str) -> bool {
    const EXECUTES: [&str; 14] = [
        "i_exec",
        "csq_exec",
        "cimi_exec",
        "qccid_exec",
        "qgmr_exec",
        "cgmi_exec",
        "cgmm_exec",
        "cgmr_exec",
        "cgsn_exec",
        "gmi_exec",
        "gmm_exec",
        "gmr_exec",
        "gsn_exec",
        "qigeterror_exec",
    ];
    const SILENT: [&str; 3] = ["qflst_test", "qflds_test", "qigeterror_test"];
    let told = ["_query", "_read", "_test"].iter().any(|end| form.ends_with(end));
    (told && !SILENT.contains(&form)) || EXECUTES.contains(&form)
}

/// The clauses whose promise is the answer itself.
fn promises_an_answer(clause: &Clause) -> bool {
    matches!(clause.kind, Kind::Form | Kind::Order) && !clause.id.starts_with("V250")
        // An empty list has no line, and these speak of one line among others.
        && clause.id != "EDIT-LIST-EMPTY"
        && !clause.id.starts_with("CFG-TEST-")
}

fn answers(clause: &Clause) -> Vec<Mutant> {
    // Of the test form the promise says nothing.
    let beside = |form: &str| clause.id == "CORE-QURCCFG" && form == "qurccfg_test";
    let forms = clause.forms.iter();
    let forms = forms.filter(|form| promises_an_answer(clause) && informs(form) && !beside(form));
    forms
        .flat_map(|form| {
            let what = |what: &str| match clause.forms.len() {
                1 => what.to_owned(),
                _ => format!("{}-{what}", form.replace('_', "-")),
            };
            let mut all = vec![
                Mutant::new(&clause.id, &what("line-missing"), lines(form, Lines::Drop(0))),
                Mutant::new(&clause.id, &what("line-twice"), lines(form, Lines::Double(0))),
                Mutant::new(&clause.id, &what("refused"), answer(form, &["ERROR"], true)),
            ];
            if !form.ends_with("_exec") {
                all.push(Mutant::new(&clause.id, &what("no-blank"), lines(form, replace(": ", ":"))));
            }
            all
        })
        .collect()
}

/// The forms that change something.
fn changes(form: &str) -> bool {
    ["_write", "_add", "_delete", "_clear"].iter().any(|end| form.ends_with(end))
        || ["e_exec", "v_exec", "q_exec", "z_exec", "amp_f_exec"].contains(&form)
}

/// Carried out but refused; taken but not carried out.
fn effects(clause: &Clause) -> Vec<Mutant> {
    // Of these only the answer is promised.
    const ANSWERED: [&str; 3] = ["EDIT-CLEAR-EMPTY", "CORE-ATZ", "CORE-ATF"];
    // What arrives, what stays and what a sequence does is about more than the first form's own answer.
    const ELSEWHERE: [&str; 9] = [
        "SEND-",
        "PROC-",
        "V250-",
        "CODE-",
        "HTTP-",
        "EDIT-KEPT",
        "EDIT-DELETE-ONLY",
        "CORE-CME-",
        "CFG-QUERY",
    ];
    let apart = ELSEWHERE.iter().any(|prefix| clause.id.starts_with(prefix))
        || ["UNCHANGED", "KEEPS", "SEPARATE", "MISSING", "EXISTS", "SHORT", "REPLACES"]
            .iter()
            .any(|w| clause.id.contains(w));
    let first = clause.forms.first().filter(|form| changes(form));
    let kind = matches!(clause.kind, Kind::Behaviour | Kind::Form);
    let Some(at) = first.filter(|_| kind && !apart) else { return Vec::new() };
    let mut all = vec![Mutant::new(&clause.id, "done-but-refused", answer(at, &["ERROR"], true))];
    // That a command is answered says nothing of what it does.
    if clause.kind == Kind::Behaviour && !ANSWERED.contains(&clause.id.as_str()) {
        all.push(Mutant::new(&clause.id, "taken-not-done", answer(at, &["OK"], false)));
    }
    all
}
