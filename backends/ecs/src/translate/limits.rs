//! Limits of AWS on whole objects.

use tranship_model::Topic;

use super::task::TaskDraft;
use crate::codes;
use crate::draft::{Draft, TemplateSize};

/// The most security groups of an interface.
const MOST_GROUPS: usize = 5;
/// The most resources and parameters of a template, and bytes of one that is sent in a request.
const MOST_RESOURCES: usize = 500;
const MOST_PARAMETERS: usize = 200;
const MOST_BYTES: usize = 51_200;
/// The most bytes of a template that is fetched from S3.
const MOST_STORED_BYTES: usize = 1_000_000;

/// Notes an interface in too many groups, and leaves those that can stay.
pub(crate) fn groups(topic: &mut Topic<'_>, task: &mut TaskDraft) {
    let count = task.groups.len();
    if count <= MOST_GROUPS {
        return;
    }
    task.groups.truncate(MOST_GROUPS);
    topic.key("mode").refused(
        &codes::TASK_LIMIT,
        format!("it would be in {count} security groups, of its networks, volumes and published ports; AWS takes {MOST_GROUPS}, so the last are missing"),
    );
}

/// Notes a template `CloudFormation` does not take as it is.
pub(crate) fn template(draft: &Draft, topic: &mut Topic<'_>) {
    let TemplateSize {
        resources,
        parameters,
    } = draft.size();
    if resources > MOST_RESOURCES || parameters > MOST_PARAMETERS {
        topic.refused(
            &codes::TEMPLATE_SIZE,
            format!("CloudFormation takes {MOST_RESOURCES} resources and {MOST_PARAMETERS} parameters: the template has {resources} and {parameters}; use the requests beside it"),
        );
        return;
    }
    // Only now, because to tell them a template of any size would be written.
    let bytes = draft.bytes();
    if bytes > MOST_STORED_BYTES {
        topic.refused(
            &codes::TEMPLATE_SIZE,
            format!("CloudFormation takes 1 MB: the template has about {bytes} bytes; use the requests beside it"),
        );
    } else if bytes > MOST_BYTES {
        topic.implicit(
            &codes::TEMPLATE_SIZE,
            format!("the template has about {bytes} bytes; over {MOST_BYTES} it has to be uploaded to S3 first, as `aws cloudformation deploy --s3-bucket` does"),
        );
    }
}
