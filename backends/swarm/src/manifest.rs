//! Objects as files.

use serde::Serialize;
use serde_json::Value;
use tranship_backend::{File, Layout, Object, RenderError, to_yaml_as};
use tranship_model::ObjectId;

use crate::stack_file;
use crate::translate::{Context, Rendering};

/// Every object a rendering creates, in the order they would be created.
pub(crate) fn objects(rendering: &Rendering) -> Vec<Object> {
    let networks = rendering
        .networks
        .iter()
        .map(|spec| object("network", &spec.name, spec));
    let secrets = rendering
        .secrets
        .iter()
        .map(|spec| object("secret", &spec.name, spec));
    let configs = rendering
        .configs
        .iter()
        .map(|spec| object("config", &spec.name, spec));
    let services = rendering
        .services
        .iter()
        .map(|spec| object("service", &spec.name, spec));
    networks
        .chain(secrets)
        .chain(configs)
        .chain(services)
        .collect()
}

fn object<T: Serialize>(kind: &'static str, name: &str, spec: &T) -> Object {
    Object {
        id: ObjectId::new(kind, name),
        // The structs hold strings, numbers and maps with string keys, so this cannot fail.
        body: serde_json::to_value(spec).unwrap_or(Value::Null),
    }
}

/// The stack file.
///
/// # Errors
///
/// [`RenderError`] when the stack file cannot be written, which is a bug.
pub(crate) fn files(
    context: &Context<'_>,
    rendering: &Rendering,
) -> Result<Vec<File>, RenderError> {
    let (stack_file, _) = stack_file::build(context, rendering);
    Ok(vec![File {
        path: "stack.yaml".to_owned(),
        // The loader fills in variables, and reads two `$` as one.
        content: to_yaml_as(&Layout::PLAIN.double_dollars(), &stack_file)?,
    }])
}

/// What the stack file refers to, and every object for the engine's API.
pub(crate) fn companions(
    context: &Context<'_>,
    rendering: &Rendering,
    objects: &[Object],
) -> Vec<File> {
    let (_, mut files) = stack_file::build(context, rendering);
    files.extend(objects.iter().map(engine_file));
    files
}

fn engine_file(object: &Object) -> File {
    let path = format!("engine/{}/{}.json", object.id.kind, object.id.name);
    // Plain data can always be written.
    let mut content = serde_json::to_string_pretty(&object.body).unwrap_or_default();
    content.push('\n');
    File { path, content }
}
