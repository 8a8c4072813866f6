//! Directories are written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use tranship_backend::File;

use super::{Overwrite, write_directory};
use crate::exit::Failure;

/// A directory of a test's own, gone with it.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tranship-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Self(fs::canonicalize(path).unwrap())
    }

    fn out(&self) -> PathBuf {
        self.0.join("out")
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Every file below, with its content.
    fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.0, &self.0, &mut found);
        found.sort();
        found
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn collect(root: &Path, directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.file_name().unwrap() != super::list::NAME {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.push(format!("{name}={}", fs::read_to_string(&path).unwrap()));
        }
    }
}

fn rendering(files: &[(&str, &str)]) -> Vec<File> {
    let file = |(path, content): &(&str, &str)| File {
        path: (*path).to_owned(),
        content: (*content).to_owned(),
    };
    files.iter().map(file).collect()
}

fn write(room: &Room, files: &[(&str, &str)]) -> Result<(), Failure> {
    write_directory(&room.out(), &rendering(files), Overwrite::OwnFiles)
}

#[test]
fn a_second_run_replaces_its_own_files_and_keeps_those_of_others() {
    let room = Room::new("second");
    write(&room, &[("a.yaml", "1"), ("sub/b.yaml", "1")]).unwrap();
    room.put("out/README.md", "mine");
    room.put("out/sub/notes/n.txt", "mine too");
    write(&room, &[("a.yaml", "2"), ("c.yaml", "2")]).unwrap();
    let expected = [
        "out/README.md=mine",
        "out/a.yaml=2",
        "out/c.yaml=2",
        "out/sub/notes/n.txt=mine too",
    ];
    assert_eq!(room.files(), expected);
}

#[test]
fn missing_parents_are_made() {
    let room = Room::new("parents");
    let directory = room.0.join("a/b/out");
    write_directory(&directory, &rendering(&[("x", "1")]), Overwrite::OwnFiles).unwrap();
    assert_eq!(room.files(), ["a/b/out/x=1"]);
}

#[test]
fn a_file_of_somebody_else_is_overwritten_by_force_only() {
    let room = Room::new("foreign");
    room.put("out/a.yaml", "mine");
    let refused = write(&room, &[("a.yaml", "1"), ("b.yaml", "1")]);
    assert!(matches!(refused, Err(Failure::Failed(text)) if text.contains("`a.yaml`")));
    assert_eq!(room.files(), ["out/a.yaml=mine"]);
    let files = rendering(&[("a.yaml", "1")]);
    write_directory(&room.out(), &files, Overwrite::ForeignFiles).unwrap();
    assert_eq!(room.files(), ["out/a.yaml=1"]);
}

#[test]
fn a_link_in_the_directory_is_not_followed() {
    let room = Room::new("link");
    room.put("elsewhere/b.yaml", "safe");
    room.put("out/x", "mine");
    std::os::unix::fs::symlink("../elsewhere", room.out().join("sub")).unwrap();
    assert!(write(&room, &[("sub/b.yaml", "1")]).is_err());
    let files = rendering(&[("sub/b.yaml", "1")]);
    write_directory(&room.out(), &files, Overwrite::ForeignFiles).unwrap();
    assert_eq!(
        fs::read_to_string(room.0.join("elsewhere/b.yaml")).unwrap(),
        "safe"
    );
    assert_eq!(
        fs::read_to_string(room.out().join("sub/b.yaml")).unwrap(),
        "1"
    );
}

#[test]
fn what_is_no_directory_is_refused_and_untouched() {
    let room = Room::new("odd");
    room.put("target/keep", "safe");
    std::os::unix::fs::symlink("target", room.out()).unwrap();
    assert!(matches!(
        write(&room, &[("a", "1")]),
        Err(Failure::Failed(_))
    ));
    fs::remove_file(room.out()).unwrap();
    room.put("out", "a file");
    assert!(matches!(
        write(&room, &[("a", "1")]),
        Err(Failure::Failed(_))
    ));
    assert_eq!(room.files(), ["out=a file", "target/keep=safe"]);
}

#[test]
fn a_failure_on_the_way_leaves_the_old_directory_and_nothing_else() {
    let room = Room::new("failure");
    write(&room, &[("a.yaml", "1")]).unwrap();
    // A file cannot stand where a directory has to.
    assert!(write(&room, &[("b", "2"), ("b/c", "2")]).is_err());
    assert_eq!(room.files(), ["out/a.yaml=1"]);
    assert_eq!(fs::read_dir(&room.0).unwrap().count(), 1);
}

#[test]
fn a_path_that_leaves_the_directory_is_a_bug() {
    let room = Room::new("escape");
    for path in [
        "../a",
        "/a",
        "a//b",
        "a/./b",
        "",
        "a\u{1b}b",
        "a\\b",
        ".tranship-files",
    ] {
        assert!(
            matches!(write(&room, &[(path, "1")]), Err(Failure::Bug(_))),
            "{path}"
        );
    }
    assert!(!room.out().exists());
}
