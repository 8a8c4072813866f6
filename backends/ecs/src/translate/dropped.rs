//! Fields that share one fate.

use tranship_model::{Code, Present, Topic};

/// Notes each of the fields that is set as dropped, all with one consequence.
pub(crate) fn drop_fields(
    topic: &mut Topic<'_>,
    code: &'static Code,
    detail: &'static str,
    fields: &[(&str, &dyn Present)],
) {
    for (key, field) in fields {
        if field.is_present() {
            topic.key(key).dropped(code, detail);
        }
    }
}
