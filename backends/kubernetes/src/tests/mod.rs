//! What stacks become: laws over all of them, and the topics one by one.

mod laws;
mod names;
mod rules;
mod sample;
mod topics;

use std::fmt::Write as _;

use tranship_backend::{Translate, Translation, to_yaml};
use tranship_model::{Entry, Stack};

use crate::Kubernetes;

fn translation(stack: &Stack) -> Translation {
    Kubernetes::default().translate(stack)
}

/// Objects and notes as text; carried values are not told.
fn told(translation: &Translation, is_wanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for object in &translation.objects {
        if is_wanted(&object.id.to_string()) {
            let yaml = to_yaml(&object.body).expect("objects can be written");
            let _ = write!(text, "---\n{yaml}");
        }
    }
    for entry in translation.ledger.entries() {
        let Entry {
            path,
            outcome,
            code,
            detail,
            objects: _,
            implicit,
        } = entry;
        if let Some(code) = code.filter(|_| is_wanted(path.as_str()) && !implicit) {
            let _ = writeln!(text, "{outcome} {path} [{}]: {detail}", code.name);
        }
    }
    text
}

/// The objects and notes whose name or path begins with `of`.
fn translated(stack: &Stack, of: &str) -> String {
    told(&translation(stack), |name| name.starts_with(of))
}
