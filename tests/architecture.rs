//! The arrows of the house, and what each room may touch.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which of our packages each package may depend on; no row, no package.
const ARROWS: &[(&str, &[&str])] = &[
    ("tranship-model", &[]),
    ("tranship-yaml", &[]),
    ("tranship-compose", &["tranship-yaml", "tranship-model"]),
    ("tranship-backend", &["tranship-model"]),
    ("tranship-compare", &["tranship-backend", "tranship-model"]),
    ("tranship-engine", &["tranship-backend", "tranship-model"]),
    (
        "tranship-kubernetes",
        &["tranship-backend", "tranship-model"],
    ),
    ("tranship-swarm", &["tranship-backend", "tranship-model"]),
    ("tranship-ecs", &["tranship-backend", "tranship-model"]),
    (
        "tranship",
        &[
            "tranship-backend",
            "tranship-compare",
            "tranship-compose",
            "tranship-ecs",
            "tranship-engine",
            "tranship-kubernetes",
            "tranship-model",
            "tranship-swarm",
            "tranship-yaml",
        ],
    ),
    // Only its benchmarks depend on others.
    ("tranship-benches", &[]),
    (
        "xtask",
        &[
            "tranship-backend",
            "tranship-compose",
            "tranship-ecs",
            "tranship-yaml",
        ],
    ),
];

/// What no library may touch: files, the environment, the network, processes, the clock.
const OUTSIDE_WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process",
    "SystemTime",
    "Instant::now",
];

/// Words of front ends and orchestrators, which the model must not know.
const FOREIGN_WORDS: &[&str] = &[
    "kubernetes",
    "swarm",
    "docker",
    "compose",
    "fargate",
    "cloudformation",
    "amazon",
    "deployment",
];

/// What waits needs a clock; the runtime's is the only one, so that tests can turn it.
const CLOCK: &str = "Instant::now";

/// The rooms that wait: the engine.
const WAITING: &str = "crates/engine/src";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Our packages and which of ours each depends on, tests and builds aside.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let depends = |package: &Value| {
        let all = package["dependencies"].as_array().expect("dependencies");
        let normal = all.iter().filter(|dependency| dependency["kind"].is_null());
        normal
            .map(name)
            .filter(|dependency| ours.contains(dependency))
            .collect()
    };
    packages
        .iter()
        .map(|package| (name(package), depends(package)))
        .collect()
}

/// Folders whose modules only exist in tests.
const TEST_FOLDERS: &[&str] = &["tests", "replay"];

/// Every Rust file below a folder, those of tests aside.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !TEST_FOLDERS.iter().any(|name| path.ends_with(name)) {
                found.extend(sources(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file: without its tests and without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a readable source");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a file talks to an orchestrator, and so reads where it is and who we are there.
fn is_client(path: &Path) -> bool {
    path.starts_with(root().join("backends")) && path.iter().any(|folder| folder == "deploy")
}

fn libraries() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for group in ["crates", "backends"] {
        for package in fs::read_dir(root().join(group)).expect("a folder") {
            files.extend(sources(&package.expect("an entry").path().join("src")));
        }
    }
    files
}

#[test]
fn every_arrow_between_our_packages_is_allowed() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (package, dependencies) in arrows() {
        match allowed.get(package.as_str()) {
            None => wrong.push(format!("`{package}` has no row in the table of arrows")),
            Some(row) => {
                let beyond = dependencies
                    .iter()
                    .filter(|name| !row.contains(&name.as_str()));
                wrong.extend(beyond.map(|name| format!("`{package}` -> `{name}`")));
            }
        }
    }
    assert!(wrong.is_empty(), "wrong arrows: {wrong:#?}");
}

#[test]
fn no_library_touches_the_outside_world() {
    let mut wrong = Vec::new();
    for file in libraries().into_iter().filter(|file| !is_client(file)) {
        let code = code(&file);
        let waits = file.starts_with(root().join(WAITING));
        let found = OUTSIDE_WORLD
            .iter()
            .filter(|word| code.contains(**word) && !(waits && **word == CLOCK));
        wrong.extend(found.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(
        wrong.is_empty(),
        "only the root package may touch these: {wrong:#?}"
    );
}

#[test]
fn the_model_knows_no_file_format_and_no_orchestrator() {
    let mut wrong = Vec::new();
    for file in sources(&root().join("crates/model/src")) {
        let code = code(&file).to_lowercase();
        let found = FOREIGN_WORDS.iter().filter(|word| code.contains(**word));
        wrong.extend(found.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "words of others in the model: {wrong:#?}");
}

#[test]
fn the_backends_have_the_same_rooms() {
    for backend in ["kubernetes", "swarm", "ecs"] {
        for room in [
            "lib.rs",
            "codes.rs",
            "names.rs",
            "manifest.rs",
            "translate/mod.rs",
        ] {
            let file = root().join("backends").join(backend).join("src").join(room);
            assert!(file.is_file(), "{} is missing", file.display());
        }
    }
}
