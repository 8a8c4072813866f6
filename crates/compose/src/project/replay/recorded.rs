//! The reference's own tests: short ports and mounts, and whole loads.

use serde_json::{Map, Value};
use tranship_yaml::Sources;

use super::{CURRENT_DIRECTORY, Disk, difference, errors, recorded, verdict};
use crate::field::{Mount, Port};
use crate::file_path;
use crate::load::load_tree;
use crate::options::LoadOptions;
use crate::project::{Context, Project, Stage, Strictness, project};
use crate::replay::judge;

#[test]
fn recorded_short_ports_are_read_alike() {
    let cases = recorded("port");
    let differs = |case: &Value| {
        let ours = Port::parse_short(case["input"].as_str()?);
        let ours = ours.ok().map(|ports| serde_json::json!(ports));
        let theirs = case.get("result");
        difference(&case["input"].to_string(), ours.as_ref(), theirs)
    };
    let failed: Vec<String> = cases.iter().filter_map(differs).collect();
    judge("ports", &failed, 0, cases.len());
}

#[test]
fn recorded_short_mounts_are_read_alike() {
    let cases = recorded("volume");
    let differs = |case: &Value| {
        let ours = Mount::parse_short(case["input"].as_str()?);
        let ours = ours.ok().map(|(mount, _)| serde_json::json!(mount));
        let theirs = case.get("result");
        difference(&case["input"].to_string(), ours.as_ref(), theirs)
    };
    let failed: Vec<String> = cases.iter().filter_map(differs).collect();
    judge("mounts", &failed, 0, cases.len());
}

/// A recorded load.
struct Recorded {
    disk: Disk,
    options: LoadOptions,
    /// The directory as the reference was given it; it may be relative.
    directory: String,
    strictness: Strictness,
    skipped: Vec<Stage>,
}

/// The case with its options, unless it asks for what no command line can.
fn recorded_load(case: &Value) -> Option<Recorded> {
    let options = &case["options"];
    let is = |name: &str| options[name].as_bool() == Some(true);
    let beyond = [
        "skip_interpolation",
        "skip_extends",
        "skip_include",
        "skip_env",
        "skip_labels",
        "prune",
        "skip_defaults",
    ];
    let asks_more = ["services", "known_extensions"]
        .iter()
        .any(|name| !options[*name].is_null());
    if asks_more || options["remote_loaders"] != 0 || beyond.iter().any(|name| is(name)) {
        return None;
    }
    let directory = case["workdir"].as_str().unwrap_or_default().to_owned();
    let (disk, files) = recorded_files(case, &directory)?;
    let environment = case["env"].as_object().into_iter().flatten();
    let environment =
        environment.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    let profiles = options["profiles"].as_array().into_iter().flatten();
    let stages = [
        (Stage::Paths, !is("resolve_paths")),
        (Stage::Normalisation, is("skip_normalization")),
        (Stage::Consistency, is("skip_consistency")),
        (Stage::EnvFileNames, !is("discard_env_files")),
    ];
    let project_name = options["project_name"]
        .as_str()
        .filter(|name| !name.is_empty());
    Some(Recorded {
        disk,
        options: LoadOptions {
            files,
            profiles: profiles
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            project_directory: Some(directory.clone()),
            project_name: project_name.map(str::to_owned),
            variables: environment.collect(),
            current_directory: CURRENT_DIRECTORY.to_owned(),
            ..LoadOptions::default()
        },
        directory,
        strictness: if is("skip_validation") {
            Strictness::Lenient
        } else {
            Strictness::Strict
        },
        skipped: stages
            .into_iter()
            .filter_map(|(stage, left_out)| left_out.then_some(stage))
            .collect(),
    })
}

/// What was on disk, and the compose files.
fn recorded_files(case: &Value, directory: &str) -> Option<(Disk, Vec<String>)> {
    let mut disk = Disk::default();
    let base = file_path::below(CURRENT_DIRECTORY, directory);
    for (kind, folder) in [("disk_testdata", "/cwd/testdata"), ("disk", base.as_str())] {
        for (path, content) in case[kind].as_object().into_iter().flatten() {
            disk.memory
                .insert(file_path::below(folder, path), content.as_str()?.to_owned());
        }
    }
    let mut files = Vec::new();
    for file in case["files"].as_array()? {
        let path = file_path::below(
            &base,
            file["name"]
                .as_str()
                .filter(|name| !name.is_empty())
                .unwrap_or("compose.yaml"),
        );
        disk.memory
            .insert(path.clone(), file["content"].as_str()?.to_owned());
        files.push(path);
    }
    Some((disk, files))
}

/// The reference's YAML form names jobs twice; its JSON form does not.
fn without_job_names(expected: &Value) -> Value {
    let mut expected = expected.clone();
    for job in expected["jobs"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        job.as_object_mut().map(|job| job.remove("name"));
    }
    expected
}

impl Recorded {
    /// Loads it, and returns the project and what refuses it.
    fn load(&self) -> (Option<Project>, Vec<String>) {
        let loaded = load_tree(&self.disk, &self.options);
        let mut found = errors(&loaded.diagnostics);
        let Some(tree) = &loaded.tree else {
            return (None, found);
        };
        let context = Context {
            name: &loaded.project_name,
            working_directory: &self.directory,
            home: None,
            variables: &loaded.environment,
            files: &self.disk,
            file_limit: 1 << 20,
            profiles: &loaded.profiles,
            strictness: self.strictness,
            skipped: &self.skipped,
        };
        let (project, diagnostics) = project(tree, &context, &mut Sources::default());
        found.extend(errors(&diagnostics));
        (project, found)
    }
}

/// The records that are answered differently, and why.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    ("d357ec24ce82", "the layout of compose v1 is read here"),
    (
        "2b5039dac45d",
        "its input has field names of Go, which no schema knows",
    ),
    (
        "e345031b2762",
        "the record was made without following `extends`",
    ),
    (
        "c8d1779348f6",
        "the reference was given a relative project directory",
    ),
    ("261fdf558a1d", "the file of variables was not recorded"),
    ("5ecf55cdcca8", "the file of variables was not recorded"),
    ("1a65821aa79d", "the file of labels was not recorded"),
    ("fd52760eb8b0", "the file of labels was not recorded"),
    (
        "b9e301b3ed0c",
        "here the directory gives the project its name",
    ),
    (
        "0578e712033e",
        "here the directory gives the project its name",
    ),
    (
        "0d72f2c854a2",
        "here the directory gives the project its name",
    ),
];

#[test]
fn recorded_loads_are_read_alike() {
    let cases = recorded("load");
    let mut failed = Vec::new();
    let mut excepted = 0;
    for case in &cases {
        let Some(recorded) = recorded_load(case) else {
            excepted += 1;
            continue;
        };
        let (project, errors) = recorded.load();
        let expected = case.get("result").filter(|result| result.is_object());
        let expected = expected.map(without_job_names);
        let found = verdict(project.as_ref(), &errors, expected.as_ref());
        let id = case["id"].as_str().unwrap_or_default();
        let is_known = KNOWN_DIFFERENCES.iter().any(|(known, _)| *known == id);
        excepted += usize::from(found.is_some() && is_known);
        if found.is_some() != is_known {
            let found = found.unwrap_or_else(|| "no longer differs".to_owned());
            failed.push(format!(
                "{id} {}: {found}; theirs {}",
                case["test"], case["error"]
            ));
        }
    }
    judge("loads", &failed, excepted, cases.len());
}
