//! A plan as people read it: what would be done, to what, why, and which line asks for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use tranship_backend::deploy::{Action, Change, Place, Role, Step};
use tranship_engine::Plan;
use tranship_model::{FieldPath, ObjectId};

use super::places::Places;
use crate::console::Paint;
use crate::deploy::Prepared;
use crate::escape;
use crate::report::sum;

/// The longest value that is shown, in characters.
const VALUE: usize = 60;

/// A plan, step by step.
pub(crate) fn plan(plan: &Plan, prepared: &Prepared, paint: Paint) -> String {
    let mut text = format!(
        "{} on {}\n\n",
        paint.strong(&escape::line(&plan.stack)),
        place(&plan.place)
    );
    let origins = Origins::new(prepared);
    let changing = plan.steps.iter().filter(|step| is_shown(step));
    for one in changing {
        step(&mut text, one, origins.of(one), paint);
    }
    let _ = writeln!(text, "plan: {}", sum(plan.counts()));
    text
}

/// Where a plan holds, in words.
pub(crate) fn place(place: &Place) -> String {
    let Place {
        backend,
        endpoint,
        scope,
    } = place;
    let mut text = format!("{backend} at {}", escape::line(endpoint));
    if !scope.is_empty() {
        let _ = write!(text, ", {}", escape::line(scope));
    }
    text
}

/// What stays as it is needs no line, but for what stays although nobody wants it.
fn is_shown(step: &Step) -> bool {
    step.action.writes() || step.reason.is_some()
}

/// A step and its changes.
pub(super) fn step(text: &mut String, step: &Step, origin: Option<String>, paint: Paint) {
    let object = escape::line(&step.object.to_string()).into_owned();
    let _ = write!(text, "  {} {object}", mark(step.action, paint));
    if let Some(origin) = origin {
        let _ = write!(text, "  {}", paint.quiet(&origin));
    }
    text.push('\n');
    if let Some(reason) = &step.reason {
        let _ = writeln!(text, "      because {}", escape::line(reason));
    }
    for change in &step.changes {
        let _ = writeln!(text, "      {}", self::change(change, step));
    }
}

fn mark(action: Action, paint: Paint) -> String {
    let word = format!("{:<7}", action.as_str());
    match action {
        Action::Create => paint.good(&format!("+ {word}")),
        Action::Update => paint.doubtful(&format!("~ {word}")),
        Action::Replace => paint.bad(&format!("± {word}")),
        Action::Delete => paint.bad(&format!("- {word}")),
        Action::Keep => paint.quiet(&format!("  {word}")),
    }
}

/// A field that changes; of a secret only that it does.
fn change(change: &Change, step: &Step) -> String {
    let field = escape::line(&change.field);
    let role = step.wanted.as_ref().map(|wanted| &wanted.role);
    if matches!(role, Some(Role::Secret { .. })) {
        return format!("{field} changes");
    }
    match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("{field}: {} → {}", value(from), value(to)),
        (None, Some(to)) => format!("{field}: {}", value(to)),
        (Some(from), None) => format!("{field}: {} goes", value(from)),
        (None, None) => field.into_owned(),
    }
}

fn value(value: &Value) -> String {
    let text = value.to_string();
    let text = escape::line(&text);
    if text.chars().count() <= VALUE {
        return text.into_owned();
    }
    let short: String = text.chars().take(VALUE).collect();
    format!("{short}…")
}

/// Which line of the files each object comes from.
struct Origins<'a> {
    places: Places<'a>,
    prepared: &'a Prepared,
    paths: BTreeMap<&'a ObjectId, &'a FieldPath>,
}

impl<'a> Origins<'a> {
    fn new(prepared: &'a Prepared) -> Self {
        let mut paths: BTreeMap<&ObjectId, &FieldPath> = BTreeMap::new();
        for entry in prepared.translated.translation.ledger.entries() {
            for object in entry.objects.iter() {
                let path = paths.entry(object).or_insert(&entry.path);
                if entry.path.as_str().len() < path.as_str().len() {
                    *path = &entry.path;
                }
            }
        }
        Self {
            places: Places::new(&prepared.ready.reading),
            prepared,
            paths,
        }
    }

    /// The file and the line that ask for the object of a step.
    fn of(&self, step: &Step) -> Option<String> {
        let role = step.wanted.as_ref().map(|wanted| &wanted.role);
        let path = match role {
            Some(Role::Workload { service }) => FieldPath::root("services").key(service),
            Some(Role::Secret { key }) => FieldPath::root("secrets").key(key),
            Some(Role::Foundation | Role::Content | Role::Storage) | None => {
                (*self.paths.get(&step.object)?).clone()
            }
        };
        let paths = self.prepared.ready.lowered.origins.resolve(&path);
        let place = paths.iter().find_map(|path| self.places.of(path))?;
        let line = place.location.line;
        Some(format!("{}:{line}", escape::line(&place.file)))
    }
}
