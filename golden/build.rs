//! Lists what lies under `transcripts/`, `printed/` and `files/`, so that a new file is part of the library by being there.
//!
//! Knows folders and endings; refuses to know what a transcript says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder for what is built"));
    let mut code = String::new();
    list(&mut code, &root, "TRANSCRIPTS", "(&str, &str)", "include_str", |path| {
        path.starts_with("transcripts") && !path.starts_with("transcripts/invalid")
    });
    list(&mut code, &root, "INVALID", "(&str, &str)", "include_str", |path| {
        path.starts_with("transcripts/invalid")
    });
    list(&mut code, &root, "PRINTED", "(&str, &str)", "include_str", |path| path.starts_with("printed"));
    list(&mut code, &root, "FILES", "(&str, &[u8])", "include_bytes", |path| path.starts_with("files"));
    fs::write(out.join("listed.rs"), code).expect("the list can be written");
}

/// One constant: the files that `takes` takes, each by its path below its top folder, in order.
fn list(code: &mut String, root: &Path, name: &str, row: &str, include: &str, takes: fn(&Path) -> bool) {
    let mut paths = Vec::new();
    for top in ["transcripts", "printed", "files"] {
        println!("cargo::rerun-if-changed={top}");
        walk(root, Path::new(top), &mut paths);
    }
    paths.retain(|path| takes(path));
    paths.sort();
    let _ = writeln!(code, "pub(crate) const {name}: &[{row}] = &[");
    for path in &paths {
        let below: PathBuf = path.iter().skip(1).collect();
        let (below, file) = (text(&below), text(&root.join(path)));
        let _ = writeln!(code, "    ({below:?}, {include}!({file:?})),");
    }
    code.push_str("];\n");
}

/// A path as text with `/` between its parts, on every system.
fn text(path: &Path) -> String {
    path.to_str().expect("the suite's files have names in UTF-8").replace('\\', "/")
}

/// Every file below `folder` but for dot-files and prose; a folder that is not there has none.
fn walk(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for entry in entries {
        let entry = entry.expect("a directory entry can be read");
        let path = folder.join(entry.file_name());
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            walk(root, &path, paths);
        } else if !name.starts_with('.') && path.extension().is_none_or(|ending| ending != "md") {
            println!("cargo::rerun-if-changed={}", path.display());
            paths.push(path);
        }
    }
}
