//! The container: image, arguments, variables, labels.

use std::borrow::Cow;

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::EnvVar;
use tranship_model::{Image, ImageOrigin, Logging, Platform, Process, PullPolicy, Topic};

use super::pod::Pod;
use super::security;
use super::world::{Alias, World};
use crate::codes;
use crate::labels::{self, Sorted};

/// Translates the process of a task of `service`.
pub(super) fn process(
    process: &Process,
    service: &str,
    world: &World<'_>,
    pod: &mut Pod,
    topic: &mut Topic<'_>,
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
        logging,
        container_name,
    } = process;
    pod.container.image = Some(self::image(image, &mut topic.key("image")));
    pod.container.image_pull_policy = Some(pull(*pull_policy, topic).to_owned());
    if let Some(platform) = platform {
        self::platform(platform, pod, &mut topic.key("platform"));
    }
    let (command, args) = command(entrypoint.as_deref(), arguments.as_deref(), topic);
    pod.container.command = command;
    pod.container.args = args;
    pod.container.working_dir = topic.carry("working_directory", working_directory.clone());
    security::user(user.as_deref(), pod, topic);
    security::groups(
        supplementary_groups,
        pod,
        &mut topic.key("supplementary_groups"),
    );
    pod.container.env = variables(environment, &mut topic.key("environment"));
    let mut sorted = Sorted {
        labels: &mut pod.labels,
        annotations: &mut pod.annotations,
    };
    sorted.take(labels, &mut topic.key("labels"));
    self::annotations(annotations, pod, &mut topic.key("annotations"));
    pod.container.tty = topic.carry("tty", *tty);
    pod.container.stdin = topic.carry("stdin_open", *stdin_open);
    self::init(*init, pod, topic);
    note_logging(logging.as_ref(), &mut topic.key("logging"));
    note_container_name(container_name.as_deref(), service, world, topic);
}

fn image(image: &Image, topic: &mut Topic<'_>) -> String {
    let Image { reference, origin } = image;
    match origin {
        ImageOrigin::Named | ImageOrigin::NamedAndBuilt => topic.exact(),
        ImageOrigin::Built => {
            let detail = format!("build `{reference}` and put it where the nodes can pull it");
            topic.approximate(&codes::IMAGE_BUILT, detail);
        }
    }
    reference.clone()
}

/// Docker pulls what the node does not have; the cluster's own default depends on the tag.
fn pull(policy: Option<PullPolicy>, topic: &mut Topic<'_>) -> &'static str {
    let mut field = topic.key("pull_policy");
    match policy {
        None => "IfNotPresent",
        Some(PullPolicy::Missing) => {
            field.exact();
            "IfNotPresent"
        }
        Some(PullPolicy::Always) => {
            field.exact();
            "Always"
        }
        Some(PullPolicy::Never) => {
            field.exact();
            "Never"
        }
        Some(PullPolicy::Build) => {
            let detail = "nothing is built; the image is pulled where a node does not have it";
            field.approximate(&codes::PULL_POLICY, detail);
            "IfNotPresent"
        }
        Some(PullPolicy::OlderThan(age)) => {
            let detail = format!("the image is looked up at every start, not after {age:?}");
            field.approximate(&codes::PULL_POLICY, detail);
            "Always"
        }
    }
}

fn platform(platform: &Platform, pod: &mut Pod, topic: &mut Topic<'_>) {
    let Platform {
        os,
        architecture,
        variant,
    } = platform;
    let selector = pod.spec.node_selector.get_or_insert_default();
    if !labels::is_value(os) || !architecture.iter().all(|name| labels::is_value(name)) {
        topic.dropped(
            &codes::PLATFORM_VARIANT,
            "no node can be called so; any node may run it",
        );
        return;
    }
    selector.insert("kubernetes.io/os".to_owned(), os.clone());
    if let Some(architecture) = architecture {
        selector.insert("kubernetes.io/arch".to_owned(), architecture.clone());
    }
    match variant {
        None => topic.exact(),
        Some(variant) => {
            let detail = format!("nodes do not say which variant they are, so `{variant}` is open");
            topic.approximate(&codes::PLATFORM_VARIANT, detail);
        }
    }
}

type Words = Option<Vec<String>>;

/// Entry point and arguments; a new entry point drops the image's own arguments on both sides.
fn command(
    entrypoint: Option<&[String]>,
    arguments: Option<&[String]>,
    topic: &mut Topic<'_>,
) -> (Words, Words) {
    let verbatim = |words: &[String]| {
        words
            .iter()
            .map(|word| escaped(word).into_owned())
            .collect()
    };
    if let Some(words) = entrypoint {
        let mut field = topic.key("entrypoint");
        if words.is_empty() {
            let detail = "an entry point cannot be cleared, so the image's own still runs";
            field.refused(&codes::EMPTY_COMMAND, detail);
        } else {
            field.exact();
        }
    }
    if let Some(words) = arguments {
        let mut field = topic.key("arguments");
        if words.is_empty() && entrypoint.is_none_or(<[String]>::is_empty) {
            let detail = "arguments cannot be cleared, so the image's own are used";
            field.dropped(&codes::EMPTY_COMMAND, detail);
        } else {
            field.exact();
        }
    }
    let filled = |words: Option<&[String]>| words.filter(|words| !words.is_empty()).map(verbatim);
    (filled(entrypoint), filled(arguments))
}

/// `text` such that the kubelet, which replaces `$(NAME)` and `$$`, gives the task `text` again.
///
/// It reads the byte behind a `$` as a character of its own, so a `$` in front of anything but
/// plain ASCII has to be doubled too (`k8s.io/kubernetes/third_party/forked/golang/expansion`).
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains('$') {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        let doubles = |next: &char| matches!(next, '$' | '(') || !next.is_ascii();
        if character == '$' && characters.peek().is_some_and(doubles) {
            escaped.push('$');
        }
    }
    Cow::Owned(escaped)
}

/// Variables in the order of the file.
pub(super) fn variables(
    environment: &IndexMap<String, Option<String>>,
    topic: &mut Topic<'_>,
) -> Option<Vec<EnvVar>> {
    let mut variables = Vec::with_capacity(environment.len());
    for (name, value) in environment {
        let mut field = topic.key(name);
        let legal = |c: char| matches!(c, ' '..='~') && c != '=';
        match value {
            None => {
                let detail = "it is not set, but where the image sets it, it stays set";
                field.approximate(&codes::VARIABLE_UNSET, detail);
            }
            Some(_) if name.is_empty() || !name.chars().all(legal) => {
                field.refused(
                    &codes::VARIABLE_NAME,
                    "the cluster takes no variable of this name",
                );
            }
            Some(value) => {
                field.exact();
                variables.push(EnvVar {
                    name: name.clone(),
                    value: Some(escaped(value).into_owned()),
                    value_from: None,
                });
            }
        }
    }
    (!variables.is_empty()).then_some(variables)
}

fn annotations(annotations: &IndexMap<String, String>, pod: &mut Pod, topic: &mut Topic<'_>) {
    for (key, value) in annotations {
        if labels::is_key(key) {
            pod.annotations.insert(key.clone(), value.clone());
            topic.key(key).exact();
        } else {
            let detail = "its key is no legal annotation key";
            topic.key(key).dropped(&codes::LABEL_ILLEGAL, detail);
        }
    }
}

/// With one process namespace for the pod, the pod's own first process reaps.
fn init(init: Option<bool>, pod: &mut Pod, topic: &mut Topic<'_>) {
    match init {
        None => {}
        Some(false) => topic.key("init").exact(),
        Some(true) => {
            pod.spec.share_process_namespace = Some(true);
            let detail = "the pod's own first process reaps, and the task's is not process 1";
            topic.key("init").equivalent(&codes::INIT, detail);
        }
    }
}

fn note_logging(logging: Option<&Logging>, topic: &mut Topic<'_>) {
    let Some(Logging { driver, options }) = logging else {
        return;
    };
    let detail = "output goes to the node's log files, which the cluster's own collector reads";
    topic.drop_field("driver", driver, &codes::LOGGING, detail);
    for name in options.keys() {
        topic
            .key("options")
            .key(name)
            .dropped(&codes::LOGGING, detail);
    }
    if driver.is_none() && options.is_empty() {
        topic.dropped(&codes::LOGGING, detail);
    }
}

fn note_container_name(
    name: Option<&str>,
    service: &str,
    world: &World<'_>,
    topic: &mut Topic<'_>,
) {
    let Some(name) = name else { return };
    let mut field = topic.key("container_name");
    match world.alias(service, name) {
        Alias::Own => field.equivalent(
            &codes::CONTAINER_NAME,
            "services find it by this name; the pod has a name of its own",
        ),
        Alias::Carried(alias) => {
            let detail = format!("services find it as `{alias}`; the pod has a name of its own");
            field.equivalent(&codes::CONTAINER_NAME, detail);
        }
        Alias::Taken | Alias::Illegal => {
            let detail = "services do not find it by this name, and the pod has one of its own";
            field.dropped(&codes::CONTAINER_NAME, detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kubelet makes of a value, as its `Expand` with no variables.
    fn expanded(text: &str) -> String {
        let bytes = text.as_bytes();
        let (mut out, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'$', Some(b'$')) => out.push(b'$'),
                (b'$', Some(b'(')) => out.extend_from_slice(b"EXPANDED"),
                (b'$', Some(&next)) => {
                    out.push(b'$');
                    out.extend_from_slice(char::from(next).to_string().as_bytes());
                }
                (byte, _) => {
                    out.push(byte);
                    at += 1;
                    continue;
                }
            }
            at += 2;
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn what_is_escaped_arrives_verbatim() {
        for text in [
            "$", "$$", "$$$", "$(date)", "$$(x)", "a$b$(c", "$é$", "${X}", "100%", "$$$(",
        ] {
            assert_eq!(expanded(&escaped(text)), text);
        }
    }

    #[test]
    fn text_without_anything_to_expand_is_left_alone() {
        assert_eq!(escaped("echo $HOME ${X}"), "echo $HOME ${X}");
    }
}
