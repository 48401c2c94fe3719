//! The pictures that the READMEs show are there, small, and the terminal's can be read as text.

use std::fs;
use std::path::Path;

/// The files that a page shows, by their place beside it.
fn shown(page: &Path) -> Vec<std::path::PathBuf> {
    let text = fs::read_to_string(page).expect("a page");
    let links = text.split("![").skip(1).filter_map(|rest| rest.split_once("](")?.1.split(')').next());
    links.map(|link| page.parent().expect("a folder").join(link)).collect()
}

#[test]
fn every_picture_is_there_and_small() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = [room.join("README.md"), room.join("../README.md")];
    let pictures: Vec<_> = pages.iter().flat_map(|page| shown(page)).collect();
    assert!(pictures.len() >= 5, "{pictures:?}");
    for picture in pictures {
        let size = fs::metadata(&picture).map(|meta| meta.len());
        assert!(size.as_ref().is_ok_and(|size| *size < 200_000), "{}: {size:?}", picture.display());
    }
}

/// The text of a picture, line by line.
fn text(picture: &str) -> Vec<String> {
    let rows = picture.lines().filter(|line| line.starts_with("<text"));
    let bare = rows
        .map(|row| row.split('<').filter_map(|rest| rest.split_once('>')).map(|(_, text)| text).collect());
    bare.map(|row: String| row.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).collect()
}

/// A line without the time at its front.
fn timeless(line: &str) -> &str {
    line.split_once(" ms ").map_or(line, |(_, rest)| rest).trim()
}

#[test]
fn the_picture_of_the_terminal_shows_a_failure_as_it_is_printed_today() {
    let picture = text(include_str!("../../pictures/terminal.svg"));
    let (from, to) = ("fail         edit-to-count", "             again    cargo xtask hil");
    let place = |start: &str| picture.iter().position(|line| line.starts_with(start)).expect("a failure");
    let shown = &picture[place(from)..=place(to)];
    let profile = "name = \"four-recipients\"\ntitle = \"A firmware that takes four recipients\"\n\n[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limit = { max = 4 }\n";
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("four-recipients.toml"), profile).expect("a profile");
    let words = ["hil", "--port", "sim:four-recipients.toml", "--filter", "edit-to-count", "--report", "run"];
    let run = crate::ec20::command(folder.path(), &words).output().expect("ec20 starts");
    let printed = String::from_utf8(run.stdout).expect("UTF-8");
    let printed: Vec<&str> = printed.lines().map(timeless).collect();
    for line in shown {
        assert!(printed.contains(&timeless(line)), "make the picture anew: {line} is not in {printed:#?}");
    }
}
