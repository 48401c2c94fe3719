//! How a file is kept: it says what it knows, it has one subject, its name is a noun, and the root holds eight entries and the lock file.

use std::fmt::Write as _;
use std::path::Path;

use crate::house;

/// Longer files have more than one subject. Tests and benches are tables of rows and may be long.
const LONGEST: usize = 450;

/// Names that say nothing about what is inside.
const NAMELESS: [&str; 8] = ["mod", "util", "utils", "common", "helper", "helpers", "manager", "misc"];

/// Fails with every finding at once, one a line.
#[track_caller]
fn nothing(rule: &str, findings: impl IntoIterator<Item = String>) {
    let mut list = String::new();
    for finding in findings {
        let _ = write!(list, "\n  {finding}");
    }
    assert!(list.is_empty(), "{rule}:{list}");
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(house::root().join(path)).expect("a source file is UTF-8 and can be read")
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| ["tests", "benches"].iter().any(|folder| part.as_os_str() == *folder))
}

#[test]
fn the_visible_root_holds_the_eight_entries_and_the_lock_file_and_nothing_else() {
    // Configuration goes into dot-files, everything else into a room.
    let entries =
        ["Cargo.lock", "Cargo.toml", "README.md", "crates", "fuzz", "golden", "grammar", "hil", "xtask"];
    assert_eq!(house::visible_root(), entries);
}

#[test]
fn every_source_file_opens_by_saying_what_it_knows() {
    let silent = |path: &Path| {
        !read(path).lines().find(|line| !line.starts_with("#![")).is_some_and(|line| line.starts_with("//! "))
    };
    nothing(
        "a file opens with `//!`",
        house::rust_files().into_iter().filter(|path| silent(path)).map(|path| path.display().to_string()),
    );
}

#[test]
fn every_name_says_what_is_inside() {
    let nameless = |path: &Path| {
        path.iter().any(|part| {
            let name = part.to_string_lossy();
            let stem = name.strip_suffix(".rs").unwrap_or(&name);
            NAMELESS.contains(&stem)
        })
    };
    nothing(
        "a file or folder is named after its subject",
        house::rust_files().into_iter().filter(|path| nameless(path)).map(|path| path.display().to_string()),
    );
}

#[test]
fn no_file_has_two_subjects() {
    nothing(
        &format!("a file outside the tests has at most {LONGEST} lines"),
        house::rust_files().into_iter().filter(|path| !is_test(path)).filter_map(|path| {
            let lines = read(&path).lines().count();
            (lines > LONGEST).then(|| format!("{} has {lines}", path.display()))
        }),
    );
}

#[test]
fn no_work_is_left_behind_in_a_comment() {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("unimplemented", "!"),
        concat!("todo", "!"),
    ];
    nothing(
        "an unfinished piece belongs in an issue",
        house::rust_files().into_iter().flat_map(|path| {
            let text = read(&path);
            let found =
                text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| line.contains(mark)));
            found
                .map(|(index, line)| format!("{}:{}: {}", path.display(), index + 1, line.trim()))
                .collect::<Vec<_>>()
        }),
    );
}

#[test]
fn no_test_file_is_forgotten() {
    let forgotten = house::rust_files().into_iter().filter_map(|path| {
        let folder = path.parent()?;
        let name = path.file_stem()?.to_str()?;
        if folder.file_name()? != "it" || name == "main" {
            return None;
        }
        let runner = read(&folder.join("main.rs"));
        let listed =
            runner.lines().any(|line| line.trim_start_matches("pub(crate) ") == format!("mod {name};"));
        (!listed).then(|| path.display().to_string())
    });
    nothing("`tests/it/main.rs` lists every file beside it", forgotten);
}
