//! The process and its image.

use std::time::Duration;

use indexmap::IndexMap;
use tranship_model::{Image, ImageOrigin, Platform, Process, PullPolicy, Topic};

use super::networking;
use super::task::TaskDraft;
use super::world::World;
use crate::api::{ContainerDefinition, Pair, RuntimePlatform};
use crate::shape::is_function;
use crate::survey::Member;
use crate::{codes, names};

/// Translates everything but the log.
pub(crate) fn translate(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    process: &Process,
    member: &Member<'_>,
    container: &mut ContainerDefinition,
) {
    let Process {
        image,
        pull_policy,
        platform,
        entrypoint,
        arguments,
        working_directory,
        user,
        supplementary_groups,
        environment,
        labels,
        annotations,
        tty,
        stdin_open,
        init,
        logging: _,
        container_name,
    } = process;
    container.image = translate_image(topic, image);
    note_pull(topic, *pull_policy);
    translate_platform(task, topic, platform.as_ref());
    command(
        topic,
        entrypoint.as_deref(),
        arguments.as_deref(),
        container,
    );
    container
        .working_directory
        .clone_from(topic.carry("working_directory", working_directory));
    container.user.clone_from(topic.carry("user", user));
    topic.drop_field(
        "supplementary_groups",
        supplementary_groups,
        &codes::NO_HOME,
        "the process is in the groups of its user only",
    );
    container.environment = variables(topic, environment);
    container.docker_labels = user_map(&mut topic.key("labels"), labels);
    topic.drop_field(
        "annotations",
        annotations,
        &codes::NO_HOME,
        "the container has no annotations",
    );
    container.pseudo_terminal = topic.carry("tty", *tty);
    container.interactive = topic.carry("stdin_open", *stdin_open);
    if let Some(init) = topic.carry("init", *init) {
        let parameters = &mut container.linux_parameters;
        parameters.init_process_enabled = Some(init);
    }
    container.name = container_name_of(task, topic, world, container_name.as_deref(), member.name);
}

/// Keys and values of users, without keys that would make the map a function of the template.
pub(crate) fn user_map(
    topic: &mut Topic<'_>,
    entries: &IndexMap<String, String>,
) -> IndexMap<String, String> {
    if entries.is_empty() {
        return IndexMap::new();
    }
    topic.exact();
    let mut kept = entries.clone();
    kept.retain(|key, _| !is_function(key));
    for key in entries.keys().filter(|key| is_function(key)) {
        topic
            .key(key)
            .dropped(&codes::TEMPLATE_WORD, format!("`{key}` is left out"));
    }
    kept
}

fn translate_image(topic: &mut Topic<'_>, image: &Image) -> String {
    let Image { reference, origin } = image;
    let mut topic = topic.key("image");
    match origin {
        ImageOrigin::Named => topic.exact(),
        ImageOrigin::NamedAndBuilt => topic.equivalent(
            &codes::IMAGE_PUSHED,
            format!("build `{reference}` and push it before deploying: ECS only fetches images"),
        ),
        ImageOrigin::Built => topic.refused(
            &codes::IMAGE_PUSHED,
            format!("ECS cannot build images, and `{reference}` is in no registry: push it and name it with `image`"),
        ),
    }
    reference.clone()
}

fn note_pull(topic: &mut Topic<'_>, policy: Option<PullPolicy>) {
    let mut topic = topic.key("pull_policy");
    match policy {
        None => {}
        Some(PullPolicy::Always) => topic.approximate(
            &codes::PULL,
            "the image is fetched for every task, but by the digest its tag had when the deployment began",
        ),
        Some(PullPolicy::Missing) => topic.approximate(&codes::PULL, "the image is fetched for every task, not only when it is missing"),
        Some(PullPolicy::Never) => topic.dropped(&codes::PULL, "the image is fetched from its registry, and must be in one"),
        Some(PullPolicy::Build) => topic.dropped(&codes::PULL, "the image is not built but fetched from its registry"),
        Some(PullPolicy::OlderThan(age)) => topic.dropped(&codes::PULL, fetched_regardless(age)),
    }
}

fn fetched_regardless(age: Duration) -> String {
    format!("the image is fetched for every task, not only when it is older than {age:?}")
}

fn translate_platform(task: &mut TaskDraft, topic: &mut Topic<'_>, platform: Option<&Platform>) {
    let Some(Platform {
        os,
        architecture,
        variant,
    }) = platform
    else {
        return;
    };
    let mut topic = topic.key("platform");
    let architecture = match architecture.as_deref() {
        None => None,
        Some("amd64" | "x86_64") => Some("X86_64"),
        Some("arm64" | "aarch64") => Some("ARM64"),
        Some(other) => {
            return topic.refused(
                &codes::PLATFORM,
                format!("no machine of ECS runs `{other}`: only amd64 and arm64"),
            );
        }
    };
    if os != "linux" {
        return topic.refused(&codes::PLATFORM, format!("`{os}` tasks need a Windows Server version, which the file does not say; the task asks for Linux"));
    }
    let platform = RuntimePlatform {
        cpu_architecture: architecture,
        operating_system_family: "LINUX",
    };
    match &task.platform {
        Some(other) if *other != platform => return topic.refused(
            &codes::PLATFORM,
            "the containers of one task run on one platform, and another asks for a different one",
        ),
        Some(_) | None => task.platform = Some(platform),
    }
    match variant {
        Some(variant) if variant != "v8" => topic.approximate(
            &codes::PLATFORM,
            format!("any machine of the architecture, not only `{variant}`"),
        ),
        Some(_) | None => topic.exact(),
    }
}

fn command(
    topic: &mut Topic<'_>,
    entrypoint: Option<&[String]>,
    arguments: Option<&[String]>,
    container: &mut ContainerDefinition,
) {
    match entrypoint {
        Some([]) => topic.key("entrypoint").refused(
            &codes::EMPTY_COMMAND,
            "an empty entry point means the image's own on ECS: the image's runs",
        ),
        Some(words) => {
            topic.key("entrypoint").exact();
            container.entry_point = words.to_vec();
        }
        None => {}
    }
    match arguments {
        // An entry point of one's own does away with the image's arguments.
        Some([]) if entrypoint.is_none_or(<[String]>::is_empty) => topic.key("arguments").refused(
            &codes::EMPTY_COMMAND,
            "no arguments means the image's own on ECS: those are passed",
        ),
        Some(words) => {
            topic.key("arguments").exact();
            container.command = words.to_vec();
        }
        None => {}
    }
}

/// The variables with a value, in order.
pub(crate) fn variables(
    topic: &mut Topic<'_>,
    environment: &IndexMap<String, Option<String>>,
) -> Vec<Pair> {
    topic.carry("environment", environment);
    let mut pairs = Vec::with_capacity(environment.len());
    for (name, value) in environment {
        match value {
            Some(value) => pairs.push(Pair {
                name: name.clone(),
                value: value.clone(),
            }),
            None => topic.key("environment").key(name).dropped(
                &codes::UNSET_VARIABLE,
                "a variable cannot be taken out: where the image sets it, it stays set",
            ),
        }
    }
    pairs
}

fn container_name_of(
    task: &mut TaskDraft,
    topic: &mut Topic<'_>,
    world: &World<'_>,
    wanted: Option<&str>,
    service: &str,
) -> String {
    let own = names::dashed(service, 255);
    let Some(wanted) = wanted else { return own };
    let mut topic = topic.key("container_name");
    let is_found = networking::also_found_as(task, world, service, wanted);
    let lookup = match (is_found, &world.domain) {
        (true, _) => format!("services find it as `{wanted}`"),
        (false, Some(_)) => format!("no service finds it as `{wanted}`"),
        (false, None) => "no other service is there to look for it".to_owned(),
    };
    let name = names::dashed(wanted, 255);
    if name != wanted || task.containers.iter().any(|other| other.name == name) {
        let detail = format!("the container is called `{own}`, not `{wanted}`; {lookup}");
        topic.approximate(&codes::NAME, detail);
        return own;
    }
    let detail = format!("the container is called `{wanted}` inside its task; {lookup}");
    if is_found || world.domain.is_none() {
        topic.equivalent(&codes::CONTAINER_NAME, detail);
    } else {
        topic.approximate(&codes::CONTAINER_NAME, detail);
    }
    name
}
