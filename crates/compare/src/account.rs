//! What became of every value on one target.

use std::collections::HashSet;

use indexmap::IndexMap;
use indexmap::map::Entry as Slot;
use tranship_model::{Code, Entry, FieldPath, Ledger, ObjectId, Outcome};

use crate::{Counts, Document};

/// What became of one value, in one respect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The value, in the words of the project's canonical form.
    pub path: FieldPath,
    /// What became of it.
    pub outcome: Outcome,
    /// Which kind of note; every outcome but exact has one.
    pub code: Option<&'static Code>,
    /// The consequence in behaviour; empty for exact.
    pub detail: String,
    /// Where it went, each object once.
    pub objects: Vec<ObjectId>,
    /// Whether the files do not say it, and the target fills it in differently than compose.
    pub implicit: bool,
}

/// What became of every value of a project on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    rows: Vec<Row>,
    missing: Vec<FieldPath>,
}

/// What tells the rows of one value apart.
type RowKey = (FieldPath, Option<&'static str>, bool);

/// An account while ledgers are added to it.
#[derive(Debug)]
pub struct AccountBuilder<'document> {
    document: &'document Document,
    rows: IndexMap<RowKey, Row>,
}

impl AccountBuilder<'_> {
    /// Adds a ledger, whose paths `resolve` turns into paths of the document.
    pub fn add(&mut self, ledger: &Ledger, resolve: &dyn Fn(&FieldPath) -> Vec<FieldPath>) {
        for entry in ledger.entries() {
            for path in resolve(&entry.path) {
                add(&mut self.rows, path, entry);
            }
        }
    }

    /// The account of what was added.
    #[must_use]
    pub fn build(self) -> Account {
        let rows = in_order(self.document, absorb_exact(self.rows));
        let missing = missing(self.document, &rows);
        Account { rows, missing }
    }
}

impl Account {
    /// Begins an account of the values of `document`.
    ///
    /// Entries about one value with one code become one row, with the worst outcome and the
    /// objects of all. A value carried both as it stands and with a difference keeps the
    /// difference only. Rows stand in the order of the document.
    #[must_use]
    pub fn builder(document: &Document) -> AccountBuilder<'_> {
        AccountBuilder {
            document,
            rows: IndexMap::new(),
        }
    }

    /// Every row, in the order of the document.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The values neither a row of their own nor one of a parent speaks of. Always empty, or a
    /// room has lost a value.
    #[must_use]
    pub fn missing(&self) -> &[FieldPath] {
        &self.missing
    }

    /// How many rows have which outcome.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.rows
            .iter()
            .map(|row| (row.outcome, row.implicit))
            .collect()
    }
}

fn add(rows: &mut IndexMap<RowKey, Row>, path: FieldPath, entry: &Entry) {
    // No `..`: what a ledger says reaches the reader, or does not compile.
    let Entry {
        path: _,
        outcome,
        code,
        detail,
        objects,
        implicit,
    } = entry;
    let key = (path, code.map(|code| code.name), *implicit);
    match rows.entry(key) {
        Slot::Occupied(slot) => slot.into_mut().join(*outcome, detail, objects),
        Slot::Vacant(slot) => {
            let row = Row {
                path: slot.key().0.clone(),
                outcome: *outcome,
                code: *code,
                detail: detail.clone().into_owned(),
                objects: Vec::new(),
                implicit: *implicit,
            };
            slot.insert(row).join(*outcome, detail, objects);
        }
    }
}

impl Row {
    /// Whether this says more than that a value of the files is carried as it stands.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.implicit || self.outcome > Outcome::Exact
    }

    fn join(&mut self, outcome: Outcome, detail: &str, objects: &[ObjectId]) {
        self.outcome = self.outcome.max(outcome);
        if !self.detail.split("; ").any(|known| known == detail) && self.detail != detail {
            self.detail.push_str("; ");
            self.detail.push_str(detail);
        }
        for object in objects {
            if !self.objects.contains(object) {
                self.objects.push(object.clone());
            }
        }
    }
}

/// Takes the exact rows away whose value another row says is carried with a difference.
fn absorb_exact(rows: IndexMap<RowKey, Row>) -> Vec<Row> {
    let carried_otherwise: HashSet<FieldPath> = rows
        .values()
        .filter(|row| row.outcome > Outcome::Exact && !row.implicit && !row.objects.is_empty())
        .map(|row| row.path.clone())
        .collect();
    let is_absorbed = |row: &Row| !row.is_note() && carried_otherwise.contains(&row.path);
    rows.into_values().filter(|row| !is_absorbed(row)).collect()
}

fn in_order(document: &Document, mut rows: Vec<Row>) -> Vec<Row> {
    let mut order: Vec<(_, usize)> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| ((document.position(&row.path), row.implicit), index))
        .collect();
    order.sort();
    let order: Vec<usize> = order.into_iter().map(|(_, index)| index).collect();
    let mut taken: Vec<Option<Row>> = rows.drain(..).map(Some).collect();
    order
        .into_iter()
        .filter_map(|index| taken.get_mut(index).and_then(Option::take))
        .collect()
}

fn missing(document: &Document, rows: &[Row]) -> Vec<FieldPath> {
    let told: HashSet<&str> = rows
        .iter()
        .filter(|row| !row.implicit)
        .map(|row| row.path.as_str())
        .collect();
    let is_told = |leaf: &FieldPath| beginnings(leaf.as_str()).any(|path| told.contains(path));
    document
        .leaves()
        .iter()
        .filter(|leaf| !is_told(leaf))
        .cloned()
        .collect()
}

/// A path and its parents, longest first.
pub(crate) fn beginnings(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        path.rfind(['.', '[']).and_then(|cut| path.get(..cut))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static ROUNDED: Code = Code {
        name: "test-rounded",
        title: "a title",
        page: "a page",
    };

    fn document() -> Document {
        Document::new(&json!({
            "name": "shop",
            "services": { "web": { "image": "nginx", "stop_grace_period": "1.5s" } },
        }))
    }

    fn web() -> FieldPath {
        FieldPath::root("services").key("web")
    }

    fn account(write: impl FnOnce(&mut Ledger)) -> Account {
        let mut ledger = Ledger::default();
        write(&mut ledger);
        let resolve = |path: &FieldPath| match path.as_str() {
            "services.web.stop_after" => vec![web().key("stop_grace_period")],
            _ => vec![path.clone()],
        };
        let document = document();
        let mut account = Account::builder(&document);
        account.add(&ledger, &resolve);
        account.build()
    }

    fn summary(account: &Account) -> Vec<(&str, Outcome, &str, usize)> {
        account
            .rows()
            .iter()
            .map(|row| {
                (
                    row.path.as_str(),
                    row.outcome,
                    row.detail.as_str(),
                    row.objects.len(),
                )
            })
            .collect()
    }

    #[test]
    fn entries_of_one_value_and_code_become_one_row_with_the_worst_outcome() {
        let account = account(|ledger| {
            let objects = vec![ObjectId::new("Deployment", "web")];
            let mut topic = ledger.topic(web().key("stop_after"), objects);
            topic.equivalent(&ROUNDED, "written as 2");
            topic.approximate(&ROUNDED, "stops after 2 s");
            topic.approximate(&ROUNDED, "stops after 2 s");
        });
        let detail = "written as 2; stops after 2 s";
        let path = "services.web.stop_grace_period";
        assert_eq!(summary(&account), [(path, Outcome::Approximate, detail, 1)]);
    }

    #[test]
    fn a_value_carried_with_a_difference_is_not_called_exact_too() {
        let account = account(|ledger| {
            let objects = vec![ObjectId::new("Deployment", "web")];
            let mut topic = ledger.topic(web().key("image"), objects);
            topic.exact();
            topic.approximate(&ROUNDED, "pulled again");
        });
        assert_eq!(account.counts().exact, 0);
        assert_eq!(account.counts().approximate, 1);
    }

    #[test]
    fn a_value_no_row_speaks_of_is_missing_and_an_implicit_note_does_not_count() {
        let account = account(|ledger| {
            ledger.topic(FieldPath::root("name"), Vec::new()).exact();
            let mut image = ledger.topic(web().key("image"), Vec::new());
            image.implicit(&ROUNDED, "always pulled");
        });
        let missing: Vec<&str> = account.missing().iter().map(FieldPath::as_str).collect();
        let expected = ["services.web.image", "services.web.stop_grace_period"];
        assert_eq!(missing, expected);
    }

    #[test]
    fn a_row_of_a_parent_speaks_for_its_values() {
        let account = account(|ledger| {
            ledger
                .topic(web(), Vec::new())
                .dropped(&ROUNDED, "not carried");
            ledger.topic(FieldPath::root("name"), Vec::new()).exact();
        });
        assert_eq!(account.missing(), []);
        assert_eq!(account.rows()[0].path, FieldPath::root("name"));
    }
}
