//! Accounts of several targets side by side.

use std::collections::{HashMap, HashSet};

use tranship_backend::Target;
use tranship_model::{FieldPath, ObjectId, Outcome};

use crate::account::beginnings;
use crate::{Account, Counts, Document, Row};

/// One target of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What the target is called where it was chosen, such as `ecs:ec2`; no two columns alike.
    pub name: String,
    /// The target.
    pub target: Target,
    /// What it creates, in the order it is created.
    pub objects: Vec<ObjectId>,
    /// What became of the values.
    pub account: Account,
}

/// One value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The value.
    pub path: FieldPath,
    /// What became of it, one cell per target.
    pub cells: Vec<Cell>,
}

/// What became of one value on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What the rows are about.
    pub standing: Standing,
    /// The rows that say it.
    pub rows: Vec<Row>,
}

/// What the rows of a cell are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The value itself.
    Own,
    /// A parent, which became one thing with everything inside.
    Parent,
    /// Nothing: other lines speak of the values inside, or the value is set on other targets only.
    #[default]
    Elsewhere,
}

/// What became of every value on several targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The targets.
    pub columns: Vec<Column>,
    /// The values: every leaf of the project, and whatever else an account speaks of.
    pub lines: Vec<Line>,
}

impl Comparison {
    /// Puts the accounts of `columns` side by side, in the order of `document`.
    #[must_use]
    pub fn new(document: &Document, columns: Vec<Column>) -> Self {
        let indexes: Vec<Index<'_>> = columns
            .iter()
            .map(|column| index(&column.account))
            .collect();
        let lines = paths(document, &columns)
            .into_iter()
            .map(|path| Line {
                cells: indexes
                    .iter()
                    .map(|index| cell(index, path, document))
                    .collect(),
                path: path.clone(),
            })
            .collect();
        Self { columns, lines }
    }
}

impl Column {
    /// How many values had which outcome.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.account.counts()
    }
}

impl Line {
    /// Whether some target does something else to this value than carry it as it stands.
    #[must_use]
    pub fn is_noteworthy(&self) -> bool {
        self.cells
            .iter()
            .filter(|cell| cell.standing == Standing::Own)
            .any(|cell| cell.rows.iter().any(Row::is_note))
    }
}

impl Cell {
    /// The worst of what became of the value; `None` when nothing here speaks of it.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.rows.iter().map(|row| row.outcome).max()
    }
}

type Index<'account> = HashMap<&'account str, Vec<&'account Row>>;

fn index(account: &Account) -> Index<'_> {
    let mut index = Index::new();
    for row in account.rows() {
        index.entry(row.path.as_str()).or_default().push(row);
    }
    index
}

fn paths<'a>(document: &'a Document, columns: &'a [Column]) -> Vec<&'a FieldPath> {
    let told = columns.iter().flat_map(|column| column.account.rows());
    let mut seen = HashSet::new();
    let mut paths: Vec<&FieldPath> = document
        .leaves()
        .iter()
        .chain(told.map(|row| &row.path))
        .filter(|path| seen.insert(*path))
        .collect();
    paths.sort_by_cached_key(|path| document.position(path));
    paths
}

fn cell(index: &Index<'_>, path: &FieldPath, document: &Document) -> Cell {
    let found =
        beginnings(path.as_str()).find_map(|beginning| Some((beginning, index.get(beginning)?)));
    let Some((beginning, rows)) = found else {
        return Cell::default();
    };
    if beginning == path.as_str() {
        let rows = rows.iter().map(|row| (*row).clone()).collect();
        return Cell {
            standing: Standing::Own,
            rows,
        };
    }
    // Of a value the project does not have, a parent's row says nothing.
    if !document.contains(path) {
        return Cell::default();
    }
    let explicit: Vec<Row> = rows
        .iter()
        .filter(|row| !row.implicit)
        .map(|row| (*row).clone())
        .collect();
    if explicit.is_empty() {
        return Cell::default();
    }
    Cell {
        standing: Standing::Parent,
        rows: explicit,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tranship_model::{Code, Ledger};

    use super::*;

    static NO_PROBES: Code = Code {
        name: "test-no-probes",
        title: "a title",
        page: "a page",
    };

    fn document() -> Document {
        Document::new(&json!({
            "services": { "web": { "healthcheck": { "interval": "5s", "timeout": "1s" } } },
        }))
    }

    fn column(document: &Document, name: &'static str, ledger: &Ledger) -> Column {
        Column {
            name: name.to_owned(),
            target: Target {
                name,
                version: "1",
                settings: Vec::new(),
            },
            objects: Vec::new(),
            account: account(document, ledger),
        }
    }

    fn account(document: &Document, ledger: &Ledger) -> Account {
        let mut account = Account::builder(document);
        account.add(ledger, &|path| vec![path.clone()]);
        account.build()
    }

    fn comparison() -> Comparison {
        let check = FieldPath::root("services").key("web").key("healthcheck");
        let mut one = Ledger::default();
        one.topic(check.clone(), Vec::new())
            .dropped(&NO_PROBES, "never checked");
        let mut other = Ledger::default();
        other.topic(check.key("interval"), Vec::new()).exact();
        other.topic(check.key("timeout"), Vec::new()).exact();
        let document = document();
        let columns = vec![
            column(&document, "one", &one),
            column(&document, "other", &other),
        ];
        Comparison::new(&document, columns)
    }

    fn standings(line: &Line) -> Vec<(Standing, Option<Outcome>)> {
        line.cells
            .iter()
            .map(|cell| (cell.standing, cell.outcome()))
            .collect()
    }

    #[test]
    fn a_value_dropped_with_its_parent_is_dropped_on_its_own_line_too() {
        let comparison = comparison();
        assert_eq!(comparison.lines.len(), 3);
        let interval = [
            (Standing::Parent, Some(Outcome::Dropped)),
            (Standing::Own, Some(Outcome::Exact)),
        ];
        assert_eq!(standings(&comparison.lines[1]), interval);
    }

    #[test]
    fn a_value_only_one_target_speaks_of_is_not_told_by_a_parent_on_others() {
        let document = document();
        let web = FieldPath::root("services").key("web");
        let mut one = Ledger::default();
        one.topic(web.key("restart"), Vec::new())
            .implicit(&NO_PROBES, "after 5 s");
        let mut other = Ledger::default();
        other.topic(web, Vec::new()).exact();
        let columns = vec![
            column(&document, "one", &one),
            column(&document, "other", &other),
        ];
        let lines = Comparison::new(&document, columns).lines;
        let restart = lines
            .iter()
            .find(|line| line.path.as_str().ends_with("restart"));
        let told: Vec<Standing> = restart
            .unwrap()
            .cells
            .iter()
            .map(|cell| cell.standing)
            .collect();
        assert_eq!(told, [Standing::Own, Standing::Elsewhere]);
    }

    #[test]
    fn only_the_line_that_says_something_is_noteworthy() {
        let comparison = comparison();
        let noteworthy: Vec<&str> = comparison
            .lines
            .iter()
            .filter(|line| line.is_noteworthy())
            .map(|line| line.path.as_str())
            .collect();
        assert_eq!(noteworthy, ["services.web.healthcheck"]);
        let check = [
            (Standing::Own, Some(Outcome::Dropped)),
            (Standing::Elsewhere, None),
        ];
        assert_eq!(standings(&comparison.lines[0]), check);
    }
}
