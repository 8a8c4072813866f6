//! Rules by attribute path, walked together with the tree: one look-up per key, however many
//! rules there are.

/// The rules below one path.
#[derive(Debug)]
pub(crate) struct Branch<R> {
    rule: Option<R>,
    /// Sorted by name.
    named: Vec<(&'static str, Branch<R>)>,
    any: Option<Box<Branch<R>>>,
}

impl<R: Copy> Branch<R> {
    /// No rules.
    pub(crate) fn new() -> Self {
        Self {
            rule: None,
            named: Vec::new(),
            any: None,
        }
    }

    /// Adds a rule for a path such as `services.*.ports.[].target`.
    ///
    /// `*` stands for any key or item, `[]` for any item.
    pub(crate) fn add(&mut self, path: &'static str, rule: R) {
        let branch = path.split('.').fold(self, Self::grow);
        branch.rule = Some(rule);
    }

    /// Adds rules for paths below each of `prefixes`.
    pub(crate) fn add_below(&mut self, prefixes: &[&'static str], rules: &[(&'static str, R)]) {
        for prefix in prefixes {
            let branch = prefix.split('.').fold(&mut *self, Self::grow);
            for (path, rule) in rules {
                branch.add(path, *rule);
            }
        }
    }

    fn grow(&mut self, step: &'static str) -> &mut Self {
        if step == "*" {
            return self.any.get_or_insert_with(|| Box::new(Self::new()));
        }
        let found = self.named.binary_search_by_key(&step, |(name, _)| name);
        let at = found.unwrap_or_else(|at| {
            self.named.insert(at, (step, Self::new()));
            at
        });
        // The entry exists: it was found or has just been put in.
        #[expect(clippy::indexing_slicing, reason = "`at` was found or inserted above")]
        &mut self.named[at].1
    }

    /// The rule of this very path.
    pub(crate) fn rule(&self) -> Option<R> {
        self.rule
    }

    /// The rules below a key.
    pub(crate) fn key(&self, key: &str) -> Option<&Self> {
        let found = self.named.binary_search_by_key(&key, |(name, _)| name);
        match found.ok().and_then(|at| self.named.get(at)) {
            Some((_, branch)) => Some(branch),
            None => self.any.as_deref(),
        }
    }

    /// The rules below an item.
    pub(crate) fn item(&self) -> Option<&Self> {
        self.key("[]")
    }
}

#[cfg(test)]
mod tests {
    use super::Branch;

    #[test]
    fn name_goes_before_star() {
        let mut rules = Branch::new();
        rules.add("a.*", 1);
        rules.add("a.b.c", 2);
        let below = rules.key("a");
        assert_eq!(
            below
                .and_then(|branch| branch.key("x"))
                .and_then(Branch::rule),
            Some(1)
        );
        let named = below.and_then(|branch| branch.key("b"));
        assert_eq!(
            named
                .and_then(|branch| branch.key("c"))
                .and_then(Branch::rule),
            Some(2)
        );
    }

    #[test]
    fn brackets_stand_for_items_alone() {
        let mut rules = Branch::new();
        rules.add("a.[].b", 1);
        let below = rules.key("a");
        assert!(below.and_then(Branch::item).is_some());
        assert!(below.and_then(|branch| branch.key("x")).is_none());
    }
}
