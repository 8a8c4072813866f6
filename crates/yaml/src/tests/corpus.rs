#![expect(
    clippy::print_stderr,
    reason = "a test that checks nothing has to say so"
)]

use std::path::{Path, PathBuf};

use super::{read, summary};

/// The files whose merge keys the reference loader refuses too (error class `yaml-merge`).
const REFUSED: [&str; 2] = ["gramps-web.yaml", "langfuse.yaml"];

/// The YAML files below `folder`, in the order of their names.
pub(super) fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(yaml_files(&path));
        } else if path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_real_file_is_read_without_a_problem() {
    let Ok(folder) = std::env::var("TRANSHIP_CORPUS") else {
        eprintln!("not checked: TRANSHIP_CORPUS does not name the folder of real files");
        return;
    };
    let files = yaml_files(Path::new(&folder));
    assert!(files.len() > 100, "{} files in {folder}", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let parsed = read(&text);
        let found = summary(&text, &parsed);
        let refused = REFUSED.iter().any(|name| path.ends_with(name));
        let is_coolify = path.to_string_lossy().contains("coolify");
        if refused && is_coolify {
            assert!(!found.is_empty(), "{}", path.display());
            assert!(
                found
                    .iter()
                    .all(|one| one.starts_with("yaml-merge-value@<<"))
            );
        } else {
            assert_eq!(found, Vec::<String>::new(), "{}", path.display());
        }
        assert!(!parsed.partial);
    }
}
