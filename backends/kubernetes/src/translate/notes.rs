//! Notes about several fields at once.

use tranship_model::{Code, Present, Topic};

/// Fields of a value, by name.
pub(super) type Fields<'value> = [(&'static str, &'value dyn Present)];

/// Notes that the fields that are set are not carried, all with the same consequence.
pub(super) fn drop_all(
    topic: &mut Topic<'_>,
    code: &'static Code,
    detail: &'static str,
    fields: &Fields<'_>,
) {
    for (key, value) in fields {
        if value.is_present() {
            topic.key(key).dropped(code, detail);
        }
    }
}
