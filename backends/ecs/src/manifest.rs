//! Objects as files: the template, and beside it every request.

use std::slice;

use serde_json::json;
use tranship_backend::{File, Object, RenderError, Section, Translation, sections_to_yaml};
use tranship_model::Stack;

use crate::draft::{CREATE_SERVICE, OUTPUT, PARAMETER, REGISTER_TASK_DEFINITION, RUN_TASK};
use crate::{parts, request};

/// The files of the rendering: the template.
pub(crate) fn files(stack: &str, translation: &Translation) -> Result<Vec<File>, RenderError> {
    let section = |is_part: fn(&str) -> bool| {
        let objects = translation.objects.iter();
        parts::section(objects.filter(|object| is_part(object.id.kind.as_ref())))
    };
    let parameters = section(|kind| kind == PARAMETER)?;
    let resources = section(|kind| kind.starts_with("AWS::"))?;
    let outputs = section(|kind| kind == OUTPUT)?;
    Ok(vec![template(stack, &parameters, &[resources], &outputs)?])
}

/// The requests: `taskdef/`, `service/` and `job/`.
pub(crate) fn companions(stack: &Stack, translation: &Translation) -> Vec<File> {
    let requests = request::requests(stack, translation);
    requests.iter().filter_map(request_file).collect()
}

/// The template: parameters, resources and outputs by their ids.
pub(crate) fn template(
    stack: &str,
    parameters: &Section,
    resources: &[Section],
    outputs: &Section,
) -> Result<File, RenderError> {
    let head = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("The stack {stack} on Amazon ECS"),
    });
    let sections = [
        ("Parameters", slice::from_ref(parameters)),
        ("Resources", resources),
        ("Outputs", slice::from_ref(outputs)),
    ];
    Ok(File {
        path: "template.yaml".to_owned(),
        content: sections_to_yaml(&head, &sections)?,
    })
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
