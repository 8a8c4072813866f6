//! The process, its image and its log.

use indexmap::IndexMap;
use tranship_model::{Image, ImageOrigin, Logging, Platform, Process, PullPolicy, Topic};

use super::words::Words;
use super::{api_only, leave_out, template};
use crate::codes;
use crate::engine::{self, ContainerSpec, Driver, ServiceSpec};

/// Translates the process of a task.
pub(super) fn process(process: &Process, page: &mut Topic<'_>, spec: &mut ServiceSpec) {
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
        logging,
        container_name,
    } = process;

    let container = &mut spec.task_template.container_spec;
    container.image = self::image(image, page);
    command(entrypoint.as_deref(), arguments.as_deref(), page, container);
    container.dir = page.carry("working_directory", working_directory.clone());
    container.user = page.carry("user", user.clone());
    container.groups = groups(supplementary_groups, page);
    container.env = self::environment(environment, page);
    container.labels = page.carry("labels", labels.clone());
    container.tty = page.carry("tty", *tty);
    container.open_stdin = page.carry("stdin_open", *stdin_open);
    container.init = page.carry("init", *init);
    spec.task_template.log_driver = logging.as_ref().map(|logging| log_driver(logging, page));
    pull(*pull_policy, page);
    let platforms = platform
        .as_ref()
        .map(|platform| self::platform(platform, page));
    spec.task_template.placement.platforms.extend(platforms);
    leave_out(
        page,
        &codes::PROCESS,
        &[("annotations", annotations.words(), "the runtime sees none")],
    );
    if let Some(name) = container_name {
        let detail = format!(
            "other services find it as `{name}`; its containers are called `{}.1.…`",
            spec.name
        );
        page.key("container_name").equivalent(&codes::ALIAS, detail);
    }
}

fn image(image: &Image, page: &mut Topic<'_>) -> String {
    let Image { reference, origin } = image;
    let page = &mut page.key("image");
    page.key("reference").exact();
    match origin {
        ImageOrigin::Named => {}
        ImageOrigin::NamedAndBuilt => {
            let detail = format!("build and push `{reference}` before deploying");
            page.key("origin").approximate(&codes::IMAGE_BUILT, detail);
        }
        ImageOrigin::Built => {
            let detail = format!(
                "nodes look for `{reference}`, which only the machine that built it has: \
                 give a full name as `image`, and push it"
            );
            page.key("origin").approximate(&codes::IMAGE_BUILT, detail);
        }
    }
    reference.clone()
}

/// The engine takes an empty list for `not given`; where the other one says enough, it is used.
fn command(
    entrypoint: Option<&[String]>,
    arguments: Option<&[String]>,
    page: &mut Topic<'_>,
    container: &mut ContainerSpec,
) {
    let given = arguments.unwrap_or_default();
    match entrypoint {
        Some([]) if given.is_empty() => {
            let detail = "the image's own entry point runs";
            page.key("entrypoint").refused(&codes::ENTRYPOINT, detail);
        }
        Some([]) => {
            let detail = "the arguments are run themselves, in place of the image's entry point";
            page.key("entrypoint")
                .equivalent(&codes::ENTRYPOINT, detail);
            container.command = page.carry("arguments", given.to_vec());
            return;
        }
        Some(program) => container.command = page.carry("entrypoint", program.to_vec()),
        None => {}
    }
    container.args = page.carry("arguments", given.to_vec());
    if arguments == Some(&[]) {
        let detail = "an empty list stands for the image's own arguments, as in docker compose";
        page.key("arguments").equivalent(&codes::ENTRYPOINT, detail);
    }
}

fn groups(groups: &[String], page: &mut Topic<'_>) -> Vec<String> {
    let without = "stack.yaml leaves it out: the process has only the groups its image gives";
    api_only(page, "supplementary_groups", groups.to_vec(), without)
}

/// `NAME=value`, or `NAME` alone to unset what the image sets; in order of names, as the CLI does.
fn environment(variables: &IndexMap<String, Option<String>>, page: &mut Topic<'_>) -> Vec<String> {
    page.carry("environment", variables);
    let page = &mut page.key("environment");
    let mut lines: Vec<String> = variables
        .iter()
        .map(|(name, value)| variable(name, value.as_deref(), page))
        .collect();
    lines.sort_unstable();
    lines
}

fn variable(name: &str, value: Option<&str>, page: &mut Topic<'_>) -> String {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let detail = format!(
            "`{name}` gets a value if whoever runs `docker stack deploy` has one; not through the engine's API"
        );
        page.key(name)
            .approximate(&codes::STACK_ENVIRONMENT, detail);
        return value.map_or_else(|| name.to_owned(), |_| format!("{name}="));
    };
    if value.contains("{{") {
        return format!(
            "{name}={}",
            template::as_written(value, &mut page.key(name))
        );
    }
    format!("{name}={value}")
}

fn log_driver(logging: &Logging, page: &mut Topic<'_>) -> Driver {
    let Logging { driver, options } = logging;
    page.key("logging").exact();
    Driver {
        name: driver.clone().unwrap_or_default(),
        options: options.clone(),
    }
}

fn pull(policy: Option<PullPolicy>, page: &mut Topic<'_>) {
    let detail = match policy {
        None => return,
        Some(PullPolicy::Always) => return page.key("pull_policy").exact(),
        Some(PullPolicy::Missing) => {
            "nodes ask the registry for each task, even if they have the image"
        }
        Some(PullPolicy::Never) => {
            "nodes ask the registry, and use the image they have if that fails"
        }
        Some(PullPolicy::Build) => "nothing builds the image; nodes fetch it from its registry",
        Some(PullPolicy::OlderThan(age)) => {
            let detail = format!("nodes ask the registry for each task, not once in {age:?}");
            return page.key("pull_policy").approximate(&codes::PULL, detail);
        }
    };
    page.key("pull_policy").approximate(&codes::PULL, detail);
}

fn platform(platform: &Platform, page: &mut Topic<'_>) -> engine::Platform {
    let Platform {
        os,
        architecture,
        variant,
    } = platform;
    let variant = variant.as_ref().map_or_else(String::new, |variant| {
        format!("; the variant `{variant}` is not asked for")
    });
    let detail = format!("tasks run on nodes of this platform only, and are not emulated{variant}");
    page.key("platform").approximate(&codes::PLATFORM, detail);
    engine::Platform {
        architecture: architecture.clone(),
        os: os.clone(),
    }
}
