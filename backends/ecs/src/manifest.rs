//! Objects as files: the template, and beside it every request.

use serde_json::json;
use tranship_backend::{File, Object, RenderError, Translation, sections_to_yaml};
use tranship_model::Stack;

use crate::draft::{CREATE_SERVICE, OUTPUT, PARAMETER, REGISTER_TASK_DEFINITION, RUN_TASK};
use crate::request;

/// The template.
pub(crate) fn files(stack: &str, translation: &Translation) -> Result<Vec<File>, RenderError> {
    Ok(vec![File {
        path: "template.yaml".to_owned(),
        content: template(stack, &translation.objects)?,
    }])
}

/// The requests: `taskdef/`, `service/` and `job/`.
pub(crate) fn companions(stack: &Stack, translation: &Translation) -> Vec<File> {
    let requests = request::requests(stack, translation);
    requests.iter().filter_map(request_file).collect()
}

/// The template: parameters, resources and outputs by their ids.
fn template(stack: &str, objects: &[Object]) -> Result<String, RenderError> {
    let head = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("The stack {stack} on Amazon ECS"),
    });
    let (mut parameters, mut resources, mut outputs) = (Vec::new(), Vec::new(), Vec::new());
    for object in objects {
        let section = match object.id.kind.as_ref() {
            PARAMETER => &mut parameters,
            OUTPUT => &mut outputs,
            kind if kind.starts_with("AWS::") => &mut resources,
            _request => continue,
        };
        section.push((object.id.name.as_ref(), &object.body));
    }
    let sections = [
        ("Parameters", parameters),
        ("Resources", resources),
        ("Outputs", outputs),
    ];
    sections_to_yaml(&head, &sections)
}

fn request_file(object: &Object) -> Option<File> {
    let folder = match object.id.kind.as_ref() {
        REGISTER_TASK_DEFINITION => "taskdef",
        CREATE_SERVICE => "service",
        RUN_TASK => "job",
        _resource => return None,
    };
    // `{:#}` writes JSON over several lines, and cannot fail on plain data.
    Some(File {
        path: format!("{folder}/{}.json", object.id.name),
        content: format!("{:#}\n", object.body),
    })
}
