//! Values by the service or job they belong to.

use std::collections::HashMap;

use serde_json::Value;
use tranship_model::FieldPath;

/// The services and jobs of a project, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workloads {
    titles: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Workloads {
    /// Reads the canonical form of a project.
    pub(crate) fn new(config: &Value) -> Self {
        let mut workloads = Self::default();
        for (section, word) in [("services", "service"), ("jobs", "job")] {
            let entries = config.get(section).and_then(Value::as_object);
            for name in entries.into_iter().flatten().map(|(name, _)| name) {
                let number = workloads.titles.len();
                workloads
                    .numbers
                    .insert(format!("{section}.{name}"), number);
                workloads.titles.push(format!("{word} {name}"));
            }
        }
        workloads
    }

    /// Sorts `items` by what they belong to; what belongs to no service or job comes last, as
    /// `project`. Groups without items are left out.
    pub(crate) fn group<'item, T>(
        &self,
        items: impl Iterator<Item = &'item T>,
        path: impl Fn(&T) -> &FieldPath,
    ) -> Vec<(String, Vec<&'item T>)> {
        let mut groups: Vec<Vec<&T>> = Vec::new();
        groups.resize_with(self.titles.len() + 1, Vec::new);
        for item in items {
            if let Some(group) = groups.get_mut(self.owner(path(item))) {
                group.push(item);
            }
        }
        let titles = self.titles.iter().map(String::as_str).chain(["project"]);
        let groups = titles.map(str::to_owned).zip(groups);
        groups.filter(|(_, items)| !items.is_empty()).collect()
    }

    /// The number of the service or job a value belongs to; one more than there are for neither.
    fn owner(&self, path: &FieldPath) -> usize {
        // Names may hold dots, so the longest beginning that is one is meant.
        let path = path.as_str();
        let cuts = path.rmatch_indices(['.', '[']).map(|(at, _)| at);
        let mut beginnings = [path.len()].into_iter().chain(cuts);
        beginnings
            .find_map(|end| self.numbers.get(path.get(..end)?))
            .copied()
            .unwrap_or(self.titles.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_belongs_to_the_service_with_the_longest_fitting_name() {
        let config = json!({ "services": { "a": {}, "a.b": {} }, "jobs": { "a": {} } });
        let workloads = Workloads::new(&config);
        let paths = [
            "services.a.b.image",
            "services.a.c",
            "jobs.a",
            "name",
            "services.ab",
        ];
        let paths: Vec<FieldPath> = paths.map(|path| FieldPath::from(path.to_owned())).into();
        let groups = workloads.group(paths.iter(), |path| path);
        let titles: Vec<&str> = groups.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(titles, ["service a", "service a.b", "job a", "project"]);
        assert_eq!(groups[3].1.len(), 2);
    }
}
