//! Objects as files: the template, and beside it every request.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use tranship_backend::{File, FileRole, Object, RenderError, Translation, to_yaml};

use crate::draft::{CREATE_SERVICE, OUTPUT, PARAMETER, REGISTER_TASK_DEFINITION, RUN_TASK};

/// The template first, then `taskdef/`, `service/` and `job/`.
pub(crate) fn files(stack: &str, translation: &Translation) -> Result<Vec<File>, RenderError> {
    let mut files = vec![File {
        path: "template.yaml".to_owned(),
        content: to_yaml(&template(stack, &translation.objects))?,
        role: FileRole::Main,
    }];
    files.extend(translation.objects.iter().filter_map(request_file));
    Ok(files)
}

/// The template, over the bodies of its objects.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Template<'a> {
    #[serde(rename = "AWSTemplateFormatVersion")]
    format_version: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Section::is_empty")]
    parameters: Section<'a>,
    #[serde(skip_serializing_if = "Section::is_empty")]
    resources: Section<'a>,
    #[serde(skip_serializing_if = "Section::is_empty")]
    outputs: Section<'a>,
}

/// A part of the template: bodies by their ids.
#[derive(Default)]
struct Section<'a>(Vec<&'a Object>);

impl Section<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Section<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for object in &self.0 {
            map.serialize_entry(object.id.name.as_ref(), &object.body)?;
        }
        map.end()
    }
}

fn template<'a>(stack: &str, objects: &'a [Object]) -> Template<'a> {
    let mut template = Template {
        format_version: "2010-09-09",
        description: format!("The stack {stack} on Amazon ECS"),
        parameters: Section::default(),
        resources: Section::default(),
        outputs: Section::default(),
    };
    for object in objects {
        let Section(section) = match object.id.kind.as_ref() {
            PARAMETER => &mut template.parameters,
            OUTPUT => &mut template.outputs,
            kind if kind.starts_with("AWS::") => &mut template.resources,
            _request => continue,
        };
        section.push(object);
    }
    template
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
        role: FileRole::Companion,
    })
}
