//! One tree over another, attribute by attribute.
//!
//! Source: compose-go 2.16.2, `override/merge.go`. In general mappings merge, lists are appended
//! without what is there already, scalars replace, and null on top keeps what is below.

use std::sync::LazyLock;

use tranship_yaml::{Diagnostic, Diagnostics, Entry, Kind, Mapping, Node};

use crate::codes;
use crate::key_values;
use crate::nodes;
use crate::place::Place;
use crate::trie::Branch;

/// What is particular about merging an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MergeRule {
    /// `KEY=VALUE` lists, one entry for each key.
    KeyValues,
    /// Everything is a list.
    List,
    /// The later value as it stands, null included.
    Replace,
    /// A text is the context.
    Build,
    /// A list names services that must have started.
    DependsOn,
    /// A list names keys without values.
    Names,
    /// Options of different drivers do not mix.
    Logging,
    /// Two mappings merge; all else replaces.
    Ulimit,
    /// Address pools merge by subnet.
    AddressPools,
}

static RULES: LazyLock<Branch<MergeRule>> = LazyLock::new(rules);

fn rules() -> Branch<MergeRule> {
    use MergeRule::{
        AddressPools, Build, DependsOn, KeyValues, List, Logging, Names, Replace, Ulimit,
    };
    let mut rules = Branch::new();
    rules.add("networks.*.ipam.config", AddressPools);
    rules.add_below(
        &[
            "networks.*",
            "volumes.*",
            "secrets.*",
            "configs.*",
            "services.*.deploy",
        ],
        &[("labels", KeyValues)],
    );
    rules.add_below(
        &["services.*", "jobs.*"],
        &[
            ("annotations", KeyValues),
            ("build", Build),
            ("build.args", KeyValues),
            ("build.additional_contexts", KeyValues),
            ("build.extra_hosts", List),
            ("build.labels", KeyValues),
            ("command", Replace),
            ("depends_on", DependsOn),
            ("dns", List),
            ("dns_opt", List),
            ("dns_search", List),
            ("entrypoint", Replace),
            ("env_file", List),
            ("label_file", List),
            ("environment", KeyValues),
            ("extra_hosts", List),
            ("healthcheck.test", Replace),
            ("labels", KeyValues),
            ("volumes.*.volume.labels", KeyValues),
            ("logging", Logging),
            ("models", Names),
            ("networks", Names),
            ("sysctls", KeyValues),
            ("tmpfs", List),
            ("ulimits.*", Ulimit),
        ],
    );
    rules
}

/// Lays a whole document over another.
pub(crate) fn document(base: Node, over: Node, diagnostics: &mut Diagnostics) -> Node {
    Merge { diagnostics }.node(base, over, &Place::Top, Some(&RULES))
}

/// Lays `over` over `base`, both being what stands behind `section.name`.
pub(crate) fn entry(
    (section, name): (&str, &str),
    base: Node,
    over: Node,
    diagnostics: &mut Diagnostics,
) -> Node {
    let rules = RULES.key(section).and_then(|rules| rules.key(name));
    let section = Place::Top.key(section);
    Merge { diagnostics }.node(base, over, &section.key(name), rules)
}

struct Merge<'a> {
    diagnostics: &'a mut Diagnostics,
}

type Rules<'a> = Option<&'a Branch<MergeRule>>;

impl Merge<'_> {
    fn node(&mut self, base: Node, over: Node, place: &Place<'_>, rules: Rules<'_>) -> Node {
        if let Some(rule) = rules.and_then(Branch::rule) {
            return self.special(rule, base, over, place, rules);
        }
        if over.is_null() {
            return base;
        }
        match (base.kind, over.kind) {
            (Kind::Mapping(below), Kind::Mapping(above)) => {
                nodes::mapping(self.entries(below, above, place, rules), base.span)
            }
            (Kind::Sequence(below), Kind::Sequence(above)) => {
                nodes::sequence(without_duplicates(below, above), base.span)
            }
            (Kind::Scalar(_), kind) => Node {
                span: over.span,
                tag: None,
                kind,
            },
            (below @ (Kind::Mapping(_) | Kind::Sequence(_)), kind) => {
                let base = Node {
                    kind: below,
                    ..base
                };
                let over = Node { kind, ..over };
                self.diagnostics.push(clash(&base, &over, place));
                base
            }
        }
    }

    fn entries(
        &mut self,
        mut below: Mapping,
        above: Mapping,
        place: &Place<'_>,
        rules: Rules<'_>,
    ) -> Mapping {
        for (key, over) in above {
            match below.entry(key) {
                Entry::Vacant(vacant) => {
                    vacant.insert(over);
                }
                Entry::Occupied(mut occupied) => {
                    let name = occupied.key().text.clone();
                    let rules = rules.and_then(|rules| rules.key(&name));
                    let span = over.span;
                    let base = std::mem::replace(occupied.get_mut(), nodes::null(span));
                    *occupied.get_mut() = self.node(base, over, &place.key(&name), rules);
                }
            }
        }
        below
    }

    fn special(
        &mut self,
        rule: MergeRule,
        base: Node,
        over: Node,
        place: &Place<'_>,
        rules: Rules<'_>,
    ) -> Node {
        let span = if over.is_null() { base.span } else { over.span };
        match rule {
            MergeRule::Replace => over,
            MergeRule::KeyValues => {
                let mut all = key_values::to_list(base);
                all.extend(key_values::to_list(over));
                nodes::sequence(key_values::last_of_each(all), span)
            }
            MergeRule::List => {
                let (below, above) = (key_values::to_list(base), key_values::to_list(over));
                nodes::sequence(without_duplicates(below, above), span)
            }
            MergeRule::Build => self.as_mappings(base, over, build_mapping, place, rules),
            MergeRule::DependsOn => self.as_mappings(base, over, dependencies, place, rules),
            MergeRule::Names => self.as_mappings(base, over, names, place, rules),
            MergeRule::Logging => self.logging(base, over, place, rules),
            MergeRule::Ulimit => match (&base.kind, &over.kind) {
                (Kind::Mapping(_), Kind::Mapping(_)) => {
                    self.as_mappings(base, over, Ok, place, rules)
                }
                (Kind::Scalar(_) | Kind::Sequence(_) | Kind::Mapping(_), _) => over,
            },
            MergeRule::AddressPools => self.address_pools(base, over, place),
        }
    }

    /// Merges two mappings after `convert` made mappings of them.
    fn as_mappings(
        &mut self,
        base: Node,
        over: Node,
        convert: fn(Node) -> Result<Node, Node>,
        place: &Place<'_>,
        rules: Rules<'_>,
    ) -> Node {
        let span = base.span;
        match (convert(base), convert(over)) {
            (
                Ok(Node {
                    kind: Kind::Mapping(below),
                    ..
                }),
                Ok(Node {
                    kind: Kind::Mapping(above),
                    ..
                }),
            ) => nodes::mapping(self.entries(below, above, place, rules), span),
            (Ok(base) | Err(base), Ok(over) | Err(over)) => {
                self.diagnostics.push(clash(&base, &over, place));
                base
            }
        }
    }

    fn logging(&mut self, base: Node, over: Node, place: &Place<'_>, rules: Rules<'_>) -> Node {
        let same = match (base.get("driver"), over.get("driver")) {
            (Some(below), Some(above)) => nodes::equal(below, above),
            (None, _) | (_, None) => true,
        };
        if same || base.as_mapping().is_none() || over.as_mapping().is_none() {
            return self.as_mappings(base, over, Ok, place, rules);
        }
        over
    }

    /// The reference walks both lists in a nested loop that also lets pools of the base go which
    /// the override does not name; the result is kept as it is there.
    fn address_pools(&mut self, base: Node, over: Node, place: &Place<'_>) -> Node {
        let span = over.span;
        match (base.kind, over.kind) {
            (Kind::Sequence(below), Kind::Sequence(above)) => {
                nodes::sequence(self.merge_pools(below, &above, place), span)
            }
            (below, above) => {
                let base = Node {
                    kind: below,
                    ..base
                };
                let over = Node {
                    kind: above,
                    ..over
                };
                self.diagnostics.push(clash(&base, &over, place));
                base
            }
        }
    }

    fn merge_pools(&mut self, below: Vec<Node>, above: &[Node], place: &Place<'_>) -> Vec<Node> {
        let mut merged: Vec<Node> = Vec::new();
        for mut pool in below {
            // Where this very pool stands among the merged ones.
            let mut position: Option<usize> = None;
            for over in above {
                let known = merged.iter().position(|known| same_subnet(known, over));
                if !same_subnet(&pool, over) && known.is_none() {
                    merged.push(over.clone());
                    continue;
                }
                pool = self.node(pool, over.clone(), place, None);
                let at =
                    position.or_else(|| merged.iter().position(|known| same_subnet(known, &pool)));
                match at.and_then(|at| merged.get_mut(at)) {
                    Some(slot) => slot.clone_from(&pool),
                    None => merged.push(pool.clone()),
                }
                position = at.or_else(|| merged.len().checked_sub(1));
            }
        }
        merged
    }
}

fn same_subnet(one: &Node, other: &Node) -> bool {
    match (one.get("subnet"), other.get("subnet")) {
        (Some(one), Some(other)) => nodes::equal(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The short form of a build names its context.
fn build_mapping(node: Node) -> Result<Node, Node> {
    let span = node.span;
    match node.kind {
        Kind::Mapping(_) => Ok(node),
        Kind::Scalar(_) if node.is_null() => Ok(nodes::mapping(Mapping::default(), span)),
        Kind::Scalar(_) => Ok(nodes::small_mapping([("context", node)], span)),
        Kind::Sequence(_) => Err(node),
    }
}

/// A list of services is a mapping to services that must have started.
fn dependencies(node: Node) -> Result<Node, Node> {
    listed(node, |name| {
        let condition = nodes::string("service_started", name.span);
        let required = nodes::boolean(true, name.span);
        nodes::small_mapping(
            [("condition", condition), ("required", required)],
            name.span,
        )
    })
}

/// A list of names is a mapping to nothing.
pub(crate) fn names(node: Node) -> Result<Node, Node> {
    listed(node, |name| nodes::null(name.span))
}

fn listed(node: Node, value: fn(&Node) -> Node) -> Result<Node, Node> {
    let span = node.span;
    match &node.kind {
        Kind::Mapping(_) => Ok(node),
        Kind::Scalar(_) if node.is_null() => Ok(nodes::mapping(Mapping::default(), span)),
        Kind::Scalar(_) => listed(nodes::sequence(vec![node], span), value),
        Kind::Sequence(items) => {
            let entry =
                |item: &Node| Some((nodes::key(nodes::text(item)?, item.span), value(item)));
            let entries: Option<Mapping> = items.iter().map(entry).collect();
            entries
                .map(|entries| nodes::mapping(entries, span))
                .ok_or(node)
        }
    }
}

/// Appends what is not there yet.
fn without_duplicates(mut below: Vec<Node>, above: Vec<Node>) -> Vec<Node> {
    let mut seen: IndexSeen =
        below
            .iter()
            .enumerate()
            .fold(IndexSeen::default(), |mut seen, (at, node)| {
                seen.entry(nodes::fingerprint(node)).or_default().push(at);
                seen
            });
    for node in above {
        let same = seen.entry(nodes::fingerprint(&node)).or_default();
        let known = |at: &usize| {
            below
                .get(*at)
                .is_some_and(|known| nodes::equal(known, &node))
        };
        if !same.iter().any(known) {
            same.push(below.len());
            below.push(node);
        }
    }
    below
}

/// Positions of nodes by their fingerprint.
type IndexSeen = std::collections::HashMap<u64, Vec<usize>, foldhash::fast::RandomState>;

fn clash(base: &Node, over: &Node, place: &Place<'_>) -> Diagnostic {
    let (below, above) = (base.kind_name(), over.kind_name());
    let message = format!("cannot override `{place}`: {below} cannot be merged with {above}");
    Diagnostic::error(codes::MERGE_CLASH, message)
        .at(over.span, format!("{above} here"))
        .at(base.span, format!("{below} here"))
        .help("write both the same way, or put `!override` before the later value")
}
