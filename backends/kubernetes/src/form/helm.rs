//! A chart of Helm.
//!
//! Values are put into the objects as marks, which stand for themselves in YAML. Only then, in the
//! text, do they become the actions of a template; every brace of the stack's own is escaped.

use serde_json::{Map, Value, json};
use tranship_backend::{File, Object, RenderError, to_yaml};

use crate::labels::NAME;
use crate::manifest;

/// What opens an action of a template, and the action that writes it.
const OPENING: &str = "{{";
const ESCAPED: &str = "{{ \"{{\" }}";

/// The chart's own files, and a template for each object.
///
/// Source: Helm, "Charts"; an action that calls `toJson` writes any value so that YAML reads it.
pub(super) fn files(stack: &str, objects: &[Object]) -> Result<Vec<File>, RenderError> {
    let mut values = Map::new();
    let templates: Vec<File> = objects
        .iter()
        .map(|object| template(object, &mut values))
        .collect::<Result<_, _>>()?;
    let chart = json!({
        "apiVersion": "v2",
        "name": stack,
        "description": format!("The stack {stack}, as its compose file says it"),
        "type": "application",
        "version": "0.1.0",
    });
    let own = [
        ("Chart.yaml", chart),
        ("values.yaml", Value::Object(values)),
    ];
    let own = own.into_iter().map(|(path, content)| {
        Ok(File {
            path: path.to_owned(),
            content: to_yaml(&content)?,
        })
    });
    own.chain(templates.into_iter().map(Ok)).collect()
}

/// The template of an object, whose values join the others.
fn template(object: &Object, values: &mut Map<String, Value>) -> Result<File, RenderError> {
    let plain = manifest::file(object)?;
    let mark = mark(&plain.content);
    let mut body = object.body.clone();
    let mut actions = Vec::new();
    for setting in settings(&object.id.kind, &body) {
        let Some(value) = body.pointer_mut(&setting.pointer) else {
            continue;
        };
        let mark = format!("{mark}{}.", actions.len());
        actions.push((mark.clone(), setting.action()));
        let value = std::mem::replace(value, Value::String(mark));
        setting.store(values, value);
    }
    let text = to_yaml(&body)?.replace(OPENING, ESCAPED);
    let text = actions
        .iter()
        .fold(text, |text, (mark, action)| text.replace(mark, action));
    Ok(File {
        path: format!("templates/{}", plain.path),
        content: text,
    })
}

/// A word that is nowhere in a text.
fn mark(text: &str) -> String {
    let mut mark = "value-".to_owned();
    while text.contains(&mark) {
        mark.push('-');
    }
    mark
}

/// A part of an object that whoever installs the chart may choose.
struct Setting {
    /// Where it is in the object.
    pointer: String,
    /// Where it is among the values: a group, a name, a key.
    group: &'static str,
    name: String,
    key: &'static str,
}

/// The settings of an object of a kind.
fn settings(kind: &str, body: &Value) -> Vec<Setting> {
    let setting = |pointer: &str, group, label: &str, key| {
        let name = body
            .pointer(label)
            .and_then(Value::as_str)
            .unwrap_or_default();
        Setting {
            pointer: pointer.to_owned(),
            group,
            name: name.to_owned(),
            key,
        }
    };
    if kind == "PersistentVolumeClaim" {
        let size = "/spec/resources/requests/storage";
        return vec![setting(size, "volumes", "/metadata/name", "size")];
    }
    let pod = match kind {
        "CronJob" => "/spec/jobTemplate/spec/template/spec",
        _ => "/spec/template/spec",
    };
    let container = format!("{pod}/containers/0");
    let service = format!("/metadata/labels/{}", NAME.replace('/', "~1"));
    let of_service = |pointer: &str, key| setting(pointer, "services", &service, key);
    let mut settings = vec![
        of_service("/spec/replicas", "replicas"),
        of_service(&format!("{container}/image"), "image"),
        of_service(&format!("{container}/resources"), "resources"),
    ];
    // What runs before a service in the same image goes with it to another.
    let image = body.pointer(&format!("{container}/image"));
    let before = body.pointer(&format!("{pod}/initContainers"));
    let before = before.and_then(Value::as_array).into_iter().flatten();
    for (index, container) in before.enumerate() {
        if container.get("image") == image {
            let place = format!("{pod}/initContainers/{index}/image");
            settings.push(of_service(&place, "image"));
        }
    }
    settings
}

impl Setting {
    /// The action that writes the value.
    fn action(&self) -> String {
        let Self {
            pointer: _,
            group,
            name,
            key,
        } = self;
        if is_identifier(name) {
            return format!("{{{{ toJson .Values.{group}.{name}.{key} }}}}");
        }
        format!("{{{{ toJson (index .Values.{group} \"{name}\").{key} }}}}")
    }

    /// Puts a value where the action finds it.
    fn store(&self, values: &mut Map<String, Value>, value: Value) {
        let group = values.entry(self.group).or_insert_with(|| json!({}));
        let Some(group) = group.as_object_mut() else {
            return;
        };
        let named = group.entry(self.name.as_str()).or_insert_with(|| json!({}));
        if let Some(named) = named.as_object_mut() {
            named.insert(self.key.to_owned(), value);
        }
    }
}

/// Whether a template takes a name behind a dot.
fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    let starts = bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use tranship_model::ObjectId;

    use super::*;

    fn deployment() -> Object {
        Object {
            id: ObjectId::new("Deployment", "web-app"),
            body: json!({
                "metadata": {"labels": {NAME: "web-app"}, "name": "web-app"},
                "spec": {"replicas": 2, "template": {"spec": {"initContainers": [
                    {"image": "app:1", "name": "web-app-pre-start-0"},
                    {"image": "other:1", "name": "web-app-pre-start-1"},
                ], "containers": [{
                    "args": ["{{ .Values.mine }}", "value-0."],
                    "image": "app:1",
                    "name": "web-app",
                    "resources": {"limits": {"cpu": "1"}},
                }]}}},
            }),
        }
    }

    #[test]
    fn what_may_be_chosen_is_a_value_and_braces_of_the_stack_stay_braces() {
        let files = files("shop", &[deployment()]).unwrap();
        let content = |path: &str| {
            let file = files.iter().find(|file| file.path == path);
            file.map(|file| file.content.as_str()).unwrap_or_default()
        };
        insta::assert_snapshot!(content("templates/web-app-deployment.yaml"), @r#"
        metadata:
          labels:
            app.kubernetes.io/name: web-app
          name: web-app
        spec:
          replicas: {{ toJson (index .Values.services "web-app").replicas }}
          template:
            spec:
              initContainers:
              - image: {{ toJson (index .Values.services "web-app").image }}
                name: web-app-pre-start-0
              - image: other:1
                name: web-app-pre-start-1
              containers:
              - args:
                - "{{ "{{" }} .Values.mine }}"
                - value-0.
                image: {{ toJson (index .Values.services "web-app").image }}
                name: web-app
                resources: {{ toJson (index .Values.services "web-app").resources }}
        "#);
        insta::assert_snapshot!(content("values.yaml"), @r#"
        services:
          web-app:
            replicas: 2
            image: app:1
            resources:
              limits:
                cpu: "1"
        "#);
    }

    #[test]
    fn a_name_behind_a_dot_is_a_word() {
        assert!(is_identifier("web_1"));
        assert!(!is_identifier("web-1"));
        assert!(!is_identifier("1"));
    }
}
