//! Configs and secrets as files: a first container writes them into volumes of the task.

use indexmap::IndexMap;
use tranship_model::{Config, ConfigSource, FileGrant, FileMode, Ledger, Topic};

use super::shell::{base64, quoted};
use super::task::TaskDraft;
use super::world::World;
use crate::api::{ContainerDefinition, MountPoint, Pair, SecretReference, Volume};
use crate::codes;

/// The image of containers that prepare a task: a shell and the usual small programs.
const HELPER_IMAGE: &str = "public.ecr.aws/docker/library/busybox:1.37";

/// The most bytes of configs, as written, one definition holds: the whole of it may have 64 KiB.
const MOST_CONTENT: usize = 40_000;

/// Directories in which an image keeps what it cannot run without, so that nothing may be mounted
/// over them.
const VITAL: [&str; 23] = [
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/sbin",
    "/var",
    "/var/lib",
];

/// Files put in place before a task starts.
#[derive(Debug, Default)]
pub(crate) struct Files {
    script: String,
    environment: Vec<Pair>,
    secrets: Vec<SecretReference>,
    mounts: Vec<MountPoint>,
    bytes: usize,
}

/// What a file is made from.
enum Content<'a> {
    Text(&'a [u8]),
    Secret(crate::late::Late),
}

/// Notes what becomes of configs that are defined.
pub(crate) fn translate_configs(ledger: &mut Ledger, configs: &IndexMap<String, Config>) {
    for config in configs.values() {
        let Config {
            name: _,
            path,
            source,
            labels,
            template_driver,
        } = config;
        let mut topic = ledger.topic(path.clone(), Vec::new());
        note_source(&mut topic, source);
        let lost = "a config is no object of its own, and is not labelled";
        topic.drop_field("labels", labels, &codes::LABELS, lost);
        let lost = "tasks read the content with its placeholders unfilled";
        topic.drop_field("template_driver", template_driver, &codes::TEMPLATE, lost);
    }
}

fn note_source(topic: &mut Topic<'_>, source: &ConfigSource) {
    match (source, content(source)) {
        (ConfigSource::Inline(_), _) => topic.equivalent(
            &codes::CONFIG,
            "the content is part of each task definition that uses it",
        ),
        (ConfigSource::External, _) => topic.refused(
            &codes::CONFIG,
            "ECS keeps no configs: tasks do not see the file",
        ),
        (
            ConfigSource::File {
                path: _,
                content: _,
            }
            | ConfigSource::Environment {
                variable: _,
                content: _,
            },
            Some(_),
        ) => topic.equivalent(
            &codes::CONFIG,
            "the content it has now is part of each task definition that uses it",
        ),
        (
            ConfigSource::File {
                path: _,
                content: _,
            }
            | ConfigSource::Environment {
                variable: _,
                content: _,
            },
            None,
        ) => topic.refused(
            &codes::CONFIG,
            "there is no content: tasks do not see the file",
        ),
    }
}

/// Puts configs in place.
pub(crate) fn translate_config_grants(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    grants: &[FileGrant],
    container: &mut ContainerDefinition,
) {
    for (index, grant) in grants.iter().enumerate() {
        let mut list = topic.key("configs");
        let mut topic = list.index(index);
        let config = world.stack.configs.get(&grant.source);
        let Some(content) = config.and_then(|config| content(&config.source)) else {
            topic.refused(
                &codes::CONFIG,
                "there is no content: tasks do not see the file",
            );
            continue;
        };
        let target = absolute(grant, "/");
        place(
            task,
            &mut topic,
            grant,
            &target,
            &Content::Text(content),
            container,
        );
    }
}

fn content(source: &ConfigSource) -> Option<&[u8]> {
    match source {
        ConfigSource::File { path: _, content } => content.as_deref(),
        ConfigSource::Inline(text) => Some(text.as_bytes()),
        ConfigSource::Environment {
            variable: _,
            content,
        } => content.as_deref().map(str::as_bytes),
        ConfigSource::External => None,
    }
}

/// Puts secrets in place.
pub(crate) fn translate_secret_grants(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    grants: &[FileGrant],
    container: &mut ContainerDefinition,
) {
    for (index, grant) in grants.iter().enumerate() {
        let mut list = topic.key("secrets");
        let mut topic = list.index(index);
        let Some(arn) = world.secrets.get(grant.source.as_str()) else {
            topic.refused(&codes::SECRET, "there is no such secret in the stack");
            continue;
        };
        if !task.secrets.contains(arn) {
            task.secrets.push(arn.clone());
        }
        let target = absolute(grant, "/run/secrets/");
        place(
            task,
            &mut topic,
            grant,
            &target,
            &Content::Secret(arn.clone()),
            container,
        );
    }
}

fn absolute(grant: &FileGrant, folder: &str) -> String {
    let target = grant.target.as_deref().unwrap_or(&grant.source);
    if target.starts_with('/') {
        target.to_owned()
    } else {
        format!("{folder}{target}")
    }
}

fn place(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    grant: &FileGrant,
    target: &str,
    content: &Content<'_>,
    container: &mut ContainerDefinition,
) {
    let FileGrant {
        source: _,
        target: _,
        uid,
        gid,
        mode,
    } = grant;
    let (folder, file) = target.rsplit_once('/').unwrap_or(("", target));
    if VITAL.contains(&folder) || file.is_empty() || file == ".." {
        return topic.refused(&codes::FILE_PLACE, format!("`{target}` is not there: a single file cannot be mounted, and mounting `{folder}/` would hide the image's own"));
    }
    let Some(variable) = supply(&mut task.files, topic, content) else {
        return;
    };
    let Some(mount) = mount(task, topic, folder, container) else {
        return;
    };
    let place = quoted(&format!("/{mount}/{file}"));
    let files = &mut task.files;
    files.write(&variable, content, &place);
    let mode = mode.map_or(0o444, |FileMode(mode)| mode & 0o7777);
    files.script.extend([format!("chmod {mode:04o} {place}\n")]);
    for (key, wanted, prefix) in [("uid", uid, ""), ("gid", gid, ":")] {
        if let Some(wanted) = wanted {
            files.own(&mut topic.key(key), wanted, prefix, &place);
        }
    }
    note_written(topic, folder);
}

impl Files {
    /// Lets the script write a variable into a file.
    fn write(&mut self, variable: &str, content: &Content<'_>, place: &str) {
        let decode = match content {
            Content::Text(_) => " | base64 -d",
            Content::Secret(_) => "",
        };
        let line = format!("printf '%s' \"${variable}\"{decode} > {place}\n");
        self.script.push_str(&line);
    }

    /// Lets the script give a file to a user or, behind a colon, to a group.
    fn own(&mut self, topic: &mut Topic<'_>, wanted: &str, prefix: &str, place: &str) {
        if wanted.parse::<u32>().is_ok() {
            self.script
                .extend(["chown ", prefix, wanted, " ", place, "\n"]);
        } else {
            let lost = format!("the file stays root's: `{wanted}` is a name only the image knows");
            topic.dropped(&codes::FILE_OWNER, lost);
        }
    }
}

fn note_written(topic: &mut Topic<'_>, folder: &str) {
    if folder == "/run/secrets" {
        let detail = "a first container of the task writes the file";
        return topic.equivalent(&codes::FILE, detail);
    }
    let hides = "the directory shows only the files given, not what the image has there";
    topic.approximate(
        &codes::FILE,
        format!("a first container of the task writes the file into `{folder}`; {hides}"),
    );
}

/// Hands a content to the helper as a variable, and gives the variable's name.
fn supply(files: &mut Files, topic: &mut Topic<'_>, content: &Content<'_>) -> Option<String> {
    let name = format!("FILE_{}", files.environment.len() + files.secrets.len());
    match content {
        Content::Text(bytes) => {
            let value = base64(bytes);
            if files.bytes + value.len() > MOST_CONTENT {
                topic.refused(
                    &codes::CONFIG,
                    format!(
                        "with it the definition would exceed the 64 KiB of ECS: it has {} bytes",
                        bytes.len()
                    ),
                );
                return None;
            }
            files.bytes += value.len();
            files.environment.push(Pair {
                name: name.clone(),
                value,
            });
        }
        Content::Secret(arn) => {
            files.secrets.push(SecretReference {
                name: name.clone(),
                value_from: arn.clone(),
            });
        }
    }
    Some(name)
}

/// Mounts a volume of the task at `folder`, and gives the volume's name.
fn mount(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    folder: &str,
    container: &mut ContainerDefinition,
) -> Option<String> {
    let mut own = container
        .mount_points
        .iter()
        .filter(|mount| mount.source_volume.starts_with("files-"));
    let index = own.clone().count();
    if let Some(known) = own.find(|mount| mount.container_path == folder) {
        return Some(known.source_volume.clone());
    }
    if container
        .mount_points
        .iter()
        .any(|mount| mount.container_path == folder)
    {
        topic.refused(
            &codes::FILE_PLACE,
            format!("`{folder}` is a mount already, and the file cannot be put into it"),
        );
        return None;
    }
    let name = format!("files-{}-{index}", task.containers.len());
    container.mount_points.push(MountPoint {
        source_volume: name.clone(),
        container_path: folder.to_owned(),
        read_only: Some(true),
    });
    task.files.mounts.push(MountPoint {
        source_volume: name.clone(),
        container_path: format!("/{name}"),
        read_only: None,
    });
    task.volume(Volume {
        name: name.clone(),
        ..Volume::default()
    });
    Some(name)
}

/// The container that writes the files, if there are any.
pub(crate) fn files_container(files: Files) -> Option<ContainerDefinition> {
    let Files {
        script,
        environment,
        secrets,
        mounts,
        bytes: _,
    } = files;
    if mounts.is_empty() {
        return None;
    }
    let script = format!("set -e\n{script}");
    let mut container = helper(
        "_files",
        ["sh", "-c"]
            .map(str::to_owned)
            .into_iter()
            .chain([script])
            .collect(),
    );
    container.environment = environment;
    container.secrets = secrets;
    container.mount_points = mounts;
    Some(container)
}

/// A container that prepares the task and ends.
pub(crate) fn helper(name: &str, command: Vec<String>) -> ContainerDefinition {
    ContainerDefinition {
        name: name.to_owned(),
        image: HELPER_IMAGE.to_owned(),
        essential: false,
        command,
        memory_reservation: Some(6),
        ..ContainerDefinition::default()
    }
}
