//! Whole cases made of generated documents: one file, two files merged, extended, included.

use std::path::Path;

use super::case::Case;
use super::draft::Draft;
use super::generate::Generator;
use super::interpolation::interpolate;
use super::schema::Goal;
use super::values;

/// Files every generated case finds beside its own.
pub(super) const WORLD: &[(&str, &str)] = &[
    (
        "app.env",
        "APP=1\nQUOTED=\"two words\"\nFROM_SET=${SET}\nFALL=${NOPE:-back}\nSINGLE='$SET'\n",
    ),
    ("more.env", "# more\nexport APP=2\nMORE=a=b\nEMPTY_ONE=\n"),
    ("folder/deep.env", "DEEP=yes\n"),
    ("labels.txt", "com.example.file=labels\nA=B\n"),
    ("more-labels.txt", "com.example.a=more\n"),
    ("secret.txt", "hidden\n"),
    ("settings.toml", "a = 1\n"),
    (
        "common.yaml",
        "services:\n  base:\n    image: base\n    environment: {A: base, BASE: \"1\"}\n    env_file: folder/deep.env\n    ports: [\"1000:1000\"]\n    volumes: [\"./common:/common\"]\n    labels: [\"com.example.a=base\"]\n  worker:\n    extends: base\n    command: work\n    build: ./folder\n",
    ),
    (
        "included.yaml",
        "services:\n  included:\n    image: included:${SET:-none}\n    volumes: [\"./here:/here\", \"shared:/shared\"]\n    networks: [inner]\nvolumes: {shared: {}}\nnetworks: {inner: {}}\n",
    ),
    (
        "included-more.yaml",
        "services:\n  included: {environment: [MORE=1]}\n",
    ),
];

/// Variables of the environment of every generated case.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("SET", "set"),
    ("EMPTY", ""),
    ("NUMBER", "8080"),
    ("FLAG", "true"),
];

/// Makes a case that contains what the goal asks for.
pub(super) fn case(
    generator: &mut Generator<'_>,
    goal: &Goal,
    number: usize,
    folder: &Path,
) -> Case {
    generator.covered.clear();
    let mut case = Case {
        name: format!("generated {number}"),
        folder: folder.to_owned(),
        project_name: "shop".to_owned(),
        variables: VARIABLES
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Case::default()
    };
    let mut documents = documents(generator, goal);
    complete(&mut documents);
    for document in &mut documents {
        interpolate(document, &mut generator.random, &mut case.variables);
    }
    if generator.random.percent(10) {
        case.profiles = vec![generator.random.word(&["debug", "*", "tools"]).to_owned()];
    }
    let texts: Vec<String> = documents.iter().map(Draft::text).collect();
    if texts.len() > 1 && generator.random.percent(10) {
        add(
            &mut case,
            format!("case-{number}.yaml"),
            texts.join("---\n"),
        );
    } else {
        for (index, text) in texts.into_iter().enumerate() {
            add(&mut case, format!("case-{number}-{index}.yaml"), text);
        }
    }
    case.covered = std::mem::take(&mut generator.covered);
    case
}

fn add(case: &mut Case, name: String, text: String) {
    case.files.push(name.clone());
    case.texts.push((name, text));
}

/// The documents of a case, each to be laid over the ones before.
fn documents(generator: &mut Generator<'_>, goal: &Goal) -> Vec<Draft> {
    let document = generator.document(goal);
    match generator.random.below(100) {
        0..25 => {
            let mut over = generator.document(goal);
            if generator.random.percent(25) {
                mark(generator, &mut over, goal);
            }
            vec![document, over]
        }
        25..33 => vec![extended(generator, document, goal)],
        33..38 => vec![anchored(generator, document)],
        38..40 => {
            let over = generator.document(goal);
            let more = generator.document(goal);
            vec![document, over, more]
        }
        _ => vec![document],
    }
}

/// What services refer to, by section and name.
const REFERRED: &[(&str, &[(&str, &str)])] = &[
    (
        "services",
        &[
            ("web", "{image: web}"),
            ("db", "{image: db}"),
            ("base", "{image: base}"),
            ("worker", "{image: worker}"),
            ("builder", "{build: .}"),
        ],
    ),
    ("networks", &[("front", ""), ("back", "{}")]),
    ("volumes", &[("data", ""), ("cache", "{}")]),
    (
        "secrets",
        &[
            ("token", "{environment: SET}"),
            ("cert", "{file: ./secret.txt}"),
        ],
    ),
    (
        "configs",
        &[
            ("settings", "{file: ./settings.toml}"),
            ("motd", "{content: hello}"),
        ],
    ),
    ("models", &[("llm", "{model: ai/model}")]),
];

/// Adds what services refer to and no document defines.
fn complete(documents: &mut [Draft]) {
    let text: String = documents.iter().map(Draft::text).collect();
    let Some(document) = documents.first_mut() else {
        return;
    };
    for (section, entries) in REFERRED {
        for (name, value) in entries.iter().filter(|(name, _)| text.contains(name)) {
            if document.get_mut(section).is_none() {
                document.set(section, Draft::map([]));
            }
            let present = document.get_mut(section);
            if let Some(present) = present.filter(|present| matches!(present, Draft::Map(_)))
                && present.get_mut(name).is_none()
            {
                present.set(name, Draft::scalar(value));
            }
        }
    }
}

/// Puts `!reset` or `!override` before what the goal leads to.
fn mark(generator: &mut Generator<'_>, document: &mut Draft, goal: &Goal) {
    let tag = ["!reset", "!override"];
    let Some(tag) = generator.random.pick(&tag).copied() else {
        return;
    };
    let depth = 3 + generator.random.below(2);
    let mut place = document;
    for step in goal.path.iter().take(depth) {
        let found = match place {
            Draft::Map(entries) => entries
                .iter_mut()
                .find(|(key, _)| key == step || step == "*"),
            Draft::Scalar(_) | Draft::List(_) | Draft::Marked(..) => None,
        };
        let Some((_, next)) = found else {
            return;
        };
        place = next;
    }
    let inner = std::mem::replace(place, Draft::scalar("null"));
    *place = Draft::Marked(tag, Box::new(inner));
}

/// Another service extends the first one.
fn extended(generator: &mut Generator<'_>, mut document: Draft, goal: &Goal) -> Draft {
    let child = generator.document(goal);
    let first = document
        .get_mut("services")
        .and_then(|services| match services {
            Draft::Map(entries) => entries.first().map(|(name, _)| name.clone()),
            Draft::Scalar(_) | Draft::List(_) | Draft::Marked(..) => None,
        });
    let mut child = child;
    let child = child
        .get_mut("services")
        .and_then(|services| match services {
            Draft::Map(entries) if !entries.is_empty() => Some(entries.swap_remove(0).1),
            Draft::Map(_) | Draft::Scalar(_) | Draft::List(_) | Draft::Marked(..) => None,
        });
    let mut child = child.unwrap_or_else(|| Draft::map([]));
    let extends = match generator.random.below(4) {
        0 => Draft::map([
            ("file", Draft::scalar("common.yaml")),
            ("service", Draft::scalar("base")),
        ]),
        1 => Draft::map([
            ("file", Draft::scalar("./common.yaml")),
            ("service", Draft::scalar("worker")),
        ]),
        _ => Draft::Scalar(first.unwrap_or_else(|| "web".to_owned())),
    };
    child.set("extends", extends);
    if let Some(services) = document.get_mut("services") {
        services.set("child", child);
    }
    document
}

/// A part of a service comes through an anchor and a merge key.
fn anchored(generator: &mut Generator<'_>, mut document: Draft) -> Draft {
    let Some(Draft::Map(services)) = document.get_mut("services") else {
        return document;
    };
    let Some((_, Draft::Map(service))) = services.first_mut() else {
        return document;
    };
    let count = generator.random.below(service.len() + 1);
    let mut common: Vec<_> = service.drain(..count).collect();
    service.insert(0, ("<<".to_owned(), Draft::scalar("*common")));
    if generator.random.percent(30) {
        common.push((
            "labels".to_owned(),
            Draft::map([("a", Draft::scalar(generator.random.word(values::ODD)))]),
        ));
    }
    let Draft::Map(entries) = &mut document else {
        return document;
    };
    let anchor = Draft::Marked("&common", Box::new(Draft::Map(common)));
    entries.insert(0, ("x-common".to_owned(), anchor));
    document
}
