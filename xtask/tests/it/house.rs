//! Walking the workspace: its root, its packages, its source files. It judges nothing.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("xtask stands in the workspace's root").to_path_buf()
}

/// Names in the root that git ignores as a whole (`/target` and its like); read from `.gitignore`, so that there is one list.
pub(crate) fn ignored_in_root() -> Vec<String> {
    let text = std::fs::read_to_string(root().join(".gitignore")).expect("the root has a .gitignore");
    text.lines()
        .filter_map(|line| line.strip_prefix('/'))
        .filter(|name| !name.contains('/'))
        .map(str::to_owned)
        .collect()
}

/// Every `.rs` file of the house, relative to the root, without build output.
pub(crate) fn rust_files() -> Vec<PathBuf> {
    let root = root();
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = visible_root().into_iter().map(|name| root.join(name)).collect();
    folders.retain(|path| path.is_dir());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the house can be read") {
            let path = entry.expect("a directory entry can be read").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "corpus", "artifacts"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path.strip_prefix(&root).expect("the file is below the root").to_path_buf());
            }
        }
    }
    found.sort();
    assert!(found.len() > 10, "the walk found only {} files: it walks the wrong folder", found.len());
    found
}

/// What a visitor sees in the root: no dot-files, nothing that git ignores.
pub(crate) fn visible_root() -> Vec<String> {
    let ignored = ignored_in_root();
    let mut names: Vec<String> = std::fs::read_dir(root())
        .expect("the root can be read")
        .map(|entry| entry.expect("a directory entry can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !ignored.contains(name))
        .collect();
    names.sort();
    names
}
