//! Files of one feature each, beside what `docker stack deploy` makes of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::corpus::{Case, text};
use crate::paths::{corpus, emptied, scratch};
use crate::report::Verdict;

/// A file, and the requests `docker stack deploy` would send for it.
#[derive(Deserialize)]
struct Feature {
    #[serde(rename = "feature")]
    name: String,
    compose: String,
    #[serde(default)]
    requests: Value,
}

/// What files name that has to be there for the feature to mean anything.
const COMPLETED: [(&str, &str, &str); 7] = [
    ("depends_on_list", "[a]", "[b]"),
    ("depends_on_map", "      a:", "      b:"),
    ("links", "", ""),
    ("extends", "", ""),
    ("extends_str", "", ""),
    ("volumes_from", "", ""),
    ("container_name", ": x", ": shop"),
];

/// Files that say nothing Compose understands, so that we refuse them too.
const REFUSED: [(&str, &str); 6] = [
    (
        "cgroupns_mode",
        "a key only `docker stack deploy` knows, and ignores",
    ),
    ("devices_obj", "a device without the path it gets"),
    ("dup_keys", "a key twice"),
    (
        "interp_required",
        "a variable that has to be set, and is not",
    ),
    ("models_svc", "a model that is not declared"),
    (
        "volume_short_named_undeclared",
        "a volume that is not declared",
    ),
];

/// Where our request says something else than that of `docker stack deploy`, and why.
const EXPLAINED: [(&str, &str, &str); 16] = [
    ("config_template_driver", CONFIGS, HASHED),
    (
        "container_name",
        NETWORKS,
        "others find the task by the name it is given",
    ),
    ("credential_spec", CONFIGS, HASHED),
    (
        "credential_spec",
        "/taskTemplate/containerSpec/privileges/credentialSpec/config",
        HASHED,
    ),
    (
        "interp_nested",
        "/taskTemplate/containerSpec/hostname",
        "a default within a default is filled in",
    ),
    (
        "mode_replicated_job",
        "/mode",
        "the engine's own number, 1, is written out",
    ),
    (
        "network_mode_host",
        NETWORKS,
        "the engine's network `host` is one a task can be in",
    ),
    (
        "network_mode_none",
        NETWORKS,
        "a network of its own, where nobody else is",
    ),
    (
        "oom_score_adj",
        "/taskTemplate/containerSpec/oomScoreAdj",
        LOST,
    ),
    (
        "security_opt",
        "/taskTemplate/containerSpec/privileges",
        LOST,
    ),
    (
        "shm_size",
        MOUNTS,
        "the memory is mounted where shared memory is",
    ),
    ("tmpfs", MOUNTS, LOST),
    ("volume_bind_create_host_path", MOUNTS, LOST),
    (
        "volume_bind_selinux_long",
        MOUNTS,
        "a path that is missing is made, as Compose does",
    ),
    (
        "volume_short_z",
        MOUNTS,
        "a path that is missing is made, as Compose does",
    ),
    ("volume_tmpfs_mode", MOUNTS, LOST),
];

const CONFIGS: &str = "/taskTemplate/containerSpec/configs";
const MOUNTS: &str = "/taskTemplate/containerSpec/mounts";
const NETWORKS: &str = "/taskTemplate/networks";
const HASHED: &str = "names carry a hash of the content, so that it can change";
const LOST: &str = "`docker stack deploy` loses it, the engine's API carries it";

/// What became of the files.
#[derive(Default)]
struct Tally {
    carried: usize,
    noted: usize,
    refused: usize,
    same: usize,
    explained: BTreeSet<String>,
    faults: Vec<String>,
}

/// The renderings of the last check, a folder for each feature.
pub(crate) fn rendered() -> PathBuf {
    scratch("features")
}

/// Every feature is carried or noted, and what both carry means the same.
pub(crate) fn check(binary: &Path) -> Result<Verdict> {
    let file = corpus().map(|corpus| corpus.join("../reference-cases/stack-deploy-features.jsonl"));
    let Some(file) = file.filter(|file| file.is_file()) else {
        let reason = "no reference-cases/stack-deploy-features.jsonl beside TRANSHIP_CORPUS";
        return Ok(Verdict::Skipped(reason.to_owned()));
    };
    let lines = fs::read_to_string(file)?;
    let usual = usual(binary)?;
    emptied(&rendered())?;
    let mut tally = Tally::default();
    for line in lines.lines() {
        let feature: Feature = serde_json::from_str(line)?;
        tally.add(binary, &feature, &usual)?;
    }
    if !tally.faults.is_empty() {
        bail!("{}", tally.faults.join("\n"));
    }
    Ok(Verdict::Passed(format!(
        "{} carried, {} noted, {} refused as Compose does, 0 silent; {} requests the same, {} differ for a reason",
        tally.carried,
        tally.noted,
        tally.refused,
        tally.same,
        tally.explained.len()
    )))
}

impl Tally {
    fn add(&mut self, binary: &Path, feature: &Feature, usual: &BTreeSet<String>) -> Result<()> {
        let name = feature.name.as_str();
        let folder = tempfile::tempdir()?;
        prepare(folder.path(), feature)?;
        let case = Case::of_folder(name, folder.path());
        let checked = case.tranship(binary, &["check", "--to", "swarm", "--format", "json"])?;
        let is_expected = REFUSED.iter().any(|(refused, _)| *refused == name);
        if is_expected != (checked.status.code() == Some(3)) {
            self.faults.push(format!(
                "{name}: {}: {}",
                checked.status,
                text(&checked.stdout)
            ));
            return Ok(());
        }
        if is_expected {
            self.refused += 1;
            return Ok(());
        }
        fs::create_dir(folder.path().join(name))?;
        let silent = case.unaccounted(binary, folder.path())?;
        let silent = silent.iter().filter(|path| path.starts_with("\"swarm\""));
        self.faults
            .extend(silent.map(|path| format!("{name}: no account of {path}")));
        if notes(&serde_json::from_slice(&checked.stdout)?).is_subset(usual) {
            self.carried += 1;
        } else {
            self.noted += 1;
        }
        self.compare(binary, &case, feature)
    }

    fn compare(&mut self, binary: &Path, case: &Case, feature: &Feature) -> Result<()> {
        let into = rendered().join(&feature.name);
        let done = case.tranship(
            binary,
            &["convert", "--to", "swarm", "-o", &into.to_string_lossy()],
        )?;
        let Some(theirs) = feature.requests.pointer("/services/a") else {
            return Ok(());
        };
        let written = fs::read_to_string(into.join("engine/service/st_a.json"));
        let ours = written.with_context(|| format!("{}: {}", case.name, text(&done.stderr)))?;
        let mut found = BTreeSet::new();
        differences(
            "",
            &plain(theirs),
            &plain(&serde_json::from_str(&ours)?),
            &mut found,
        );
        let of_feature = EXPLAINED
            .iter()
            .filter(|(name, _, _)| *name == feature.name);
        let wanted = of_feature
            .map(|(_, place, _)| (*place).to_owned())
            .collect();
        if found != wanted {
            self.faults
                .push(format!("{}: differs in {found:?}", feature.name));
        } else if found.is_empty() {
            self.same += 1;
        } else {
            self.explained.insert(feature.name.clone());
        }
        Ok(())
    }
}

/// Writes the file, and what it names.
fn prepare(folder: &Path, feature: &Feature) -> Result<()> {
    let mut compose = feature.compose.clone();
    let completed = COMPLETED.iter().find(|(name, _, _)| *name == feature.name);
    if let Some((_, theirs, ours)) = completed {
        if !theirs.is_empty() {
            compose = compose.replace(theirs, ours);
        }
        compose = compose.replace("services:\n", "services:\n  b:\n    image: nginx:1\n");
    }
    let files = [
        ("compose.yaml", compose.as_str()),
        ("e.env", "A=1\n"),
        ("l.txt", "A=1\n"),
        ("other.yaml", "services:\n  o:\n    image: nginx:1\n"),
    ];
    for (name, content) in files {
        fs::write(folder.join(name), content)?;
    }
    Ok(())
}

/// The notes of a file without any feature.
fn usual(binary: &Path) -> Result<BTreeSet<String>> {
    let feature = Feature {
        name: "none".to_owned(),
        compose: "services:\n  a:\n    image: nginx:1\n".to_owned(),
        requests: Value::Null,
    };
    let folder = tempfile::tempdir()?;
    prepare(folder.path(), &feature)?;
    let case = Case::of_folder("none", folder.path());
    let checked = case.tranship(binary, &["check", "--to", "swarm", "--format", "json"])?;
    Ok(notes(&serde_json::from_slice(&checked.stdout)?))
}

/// Every value that is not carried as it is, with its note.
fn notes(check: &Value) -> BTreeSet<String> {
    let rows = check
        .pointer("/targets/0/account")
        .and_then(Value::as_array);
    let is_note = |row: &&Value| row.get("outcome").and_then(Value::as_str) != Some("exact");
    let rows = rows.into_iter().flatten().filter(is_note);
    rows.map(|row| format!("{:?} {:?}", row.get("path"), row.get("code")))
        .collect()
}

/// A request without what says nothing and without ids only an engine knows; the engine reads the
/// names of members whatever their case.
fn plain(value: &Value) -> Value {
    let says_nothing = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    };
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "SecretID" | "ConfigID"));
            let members = members.map(|(key, value)| (small(key), plain(value)));
            Value::Object(
                members
                    .filter(|(_, value)| !says_nothing(value))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn small(key: &str) -> String {
    let mut key = if key == "HealthCheck" {
        "healthcheck".to_owned()
    } else {
        key.to_owned()
    };
    if let Some(first) = key.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    key
}

/// The places of members that differ.
fn differences(place: &str, theirs: &Value, ours: &Value, found: &mut BTreeSet<String>) {
    match (theirs, ours) {
        _ if theirs == ours => {}
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let of =
                    |members: &Map<String, Value>| members.get(key).cloned().unwrap_or_default();
                differences(&format!("{place}/{key}"), &of(left), &of(right), found);
            }
        }
        _ => {
            found.insert(place.to_owned());
        }
    }
}
