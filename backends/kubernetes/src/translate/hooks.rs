//! Commands run around a task.

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::{
    Container, EnvVar, ExecAction, Lifecycle, LifecycleHandler, SecurityContext,
};
use tranship_model::{Hook, Hooks, Topic};

use super::files::quoted;
use super::pod::{Pod, unless_default};
use super::process::{escaped, variables};
use super::security::numeric_user;
use crate::codes;

/// Translates the commands run around a task. The container and its mounts must stand already.
pub(super) fn hooks(hooks: &Hooks, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Hooks {
        pre_start,
        post_start,
        pre_stop,
    } = hooks;
    for (index, hook) in pre_start.iter().enumerate() {
        let container = before(hook, index, pod, &mut topic.key("pre_start").index(index));
        pod.spec
            .init_containers
            .get_or_insert_default()
            .push(container);
    }
    let post_start = handler(post_start, &mut topic.key("post_start"));
    let pre_stop = handler(pre_stop, &mut topic.key("pre_stop"));
    pod.container.lifecycle = unless_default(Lifecycle {
        post_start,
        pre_stop,
        stop_signal: None,
    });
}

/// A container that runs to its end before the task's own starts.
fn before(hook: &Hook, index: usize, pod: &Pod, topic: &mut Topic<'_>) -> Container {
    let Hook {
        command,
        image,
        user,
        working_directory,
        environment,
        privileged,
        per_task,
    } = hook;
    topic.exact();
    if *per_task == Some(false) {
        let detail = "it runs for every task, not once for the service";
        topic
            .key("per_task")
            .approximate(&codes::HOOK_PER_TASK, detail);
    }
    let command: Vec<_> = command
        .iter()
        .map(|word| escaped(word).into_owned())
        .collect();
    let own = &pod.container;
    Container {
        name: format!("before-{}", index + 1),
        image: image.clone().or_else(|| own.image.clone()),
        image_pull_policy: own.image_pull_policy.clone(),
        command: unless_default(command),
        working_dir: working_directory
            .clone()
            .or_else(|| own.working_dir.clone()),
        env: merged(own, environment, &mut topic.key("environment")),
        volume_mounts: unless_default(pod.mounts.mounts().to_vec()),
        security_context: rights(user.as_deref(), *privileged, topic),
        ..Container::default()
    }
}

/// The task's variables, with those of a hook in their place.
fn merged(
    own: &Container,
    environment: &IndexMap<String, Option<String>>,
    topic: &mut Topic<'_>,
) -> Option<Vec<EnvVar>> {
    let mut env = own.env.clone().unwrap_or_default();
    for variable in variables(environment, topic).unwrap_or_default() {
        env.retain(|known| known.name != variable.name);
        env.push(variable);
    }
    unless_default(env)
}

fn rights(
    user: Option<&str>,
    privileged: Option<bool>,
    topic: &mut Topic<'_>,
) -> Option<SecurityContext> {
    let numbers = user.and_then(numeric_user);
    if user.is_some() && numbers.is_none() {
        topic
            .key("user")
            .refused(&codes::USER_NAME, "it runs as the image's own user");
    }
    unless_default(SecurityContext {
        privileged,
        run_as_user: numbers.map(|(user, _)| user),
        run_as_group: numbers.and_then(|(_, group)| group),
        ..SecurityContext::default()
    })
}

/// One handler for all hooks of a moment: a pod takes only one.
fn handler(hooks: &[Hook], topic: &mut Topic<'_>) -> Option<LifecycleHandler> {
    let mut lines = Vec::with_capacity(hooks.len());
    for (index, hook) in hooks.iter().enumerate() {
        lines.push(inside(hook, &mut topic.index(index)));
    }
    let command = match lines.as_slice() {
        [] => return None,
        [Line::Plain(command)] => command.clone(),
        several => {
            let script: Vec<_> = several.iter().map(Line::script).collect();
            vec!["/bin/sh".to_owned(), "-c".to_owned(), script.join(" && ")]
        }
    };
    Some(LifecycleHandler {
        exec: Some(ExecAction {
            command: Some(command),
        }),
        ..LifecycleHandler::default()
    })
}

/// A command run inside the task.
enum Line {
    /// Without anything around it.
    Plain(Vec<String>),
    /// With a directory or variables of its own.
    Script(String),
}

impl Line {
    fn script(&self) -> String {
        match self {
            Self::Plain(command) => words(command),
            Self::Script(script) => script.clone(),
        }
    }
}

fn words(command: &[String]) -> String {
    let words: Vec<_> = command.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

fn inside(hook: &Hook, topic: &mut Topic<'_>) -> Line {
    let Hook {
        command,
        image,
        user,
        working_directory,
        environment,
        privileged,
        per_task: _, // A command inside a task is the task's own.
    } = hook;
    topic.exact();
    let detail = "it runs inside the task, from the task's image";
    topic.drop_field("image", image, &codes::HOOK_INSIDE, detail);
    let detail = "it runs as the task's user";
    topic.drop_field("user", user, &codes::HOOK_INSIDE, detail);
    let detail = "it runs with the task's rights";
    topic.drop_field("privileged", privileged, &codes::HOOK_INSIDE, detail);
    if working_directory.is_none() && environment.is_empty() {
        return Line::Plain(command.clone());
    }
    let directory = working_directory
        .iter()
        .map(|path| format!("cd {}", quoted(path)));
    let variables = environment.iter().map(|(name, value)| match value {
        Some(value) => format!("export {}", quoted(&format!("{name}={value}"))),
        None => format!("unset {}", quoted(name)),
    });
    let steps: Vec<_> = directory.chain(variables).chain([words(command)]).collect();
    Line::Script(format!("({})", steps.join(" && ")))
}
