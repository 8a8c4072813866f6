//! Licences, sources and banned crates of what this project takes from others, by `deny.toml`.
//!
//! The file is that of `cargo deny`, and what it says means the same here. That program takes
//! minutes to build, which a fresh machine would rather spend on tests; this takes a second.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::command::stdout;
use crate::paths::root;
use crate::report::Verdict;
use crate::tools;

/// What `deny.toml` says; a key that is not known here would not be checked, and is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    graph: Graph,
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Graph {
    targets: Vec<String>,
    all_features: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Licences {
    allow: BTreeSet<String>,
    private: Private,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Private {
    ignore: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Bans {
    multiple_versions: Level,
    wildcards: Level,
    allow_wildcard_paths: bool,
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sources {
    unknown_registry: Level,
    unknown_git: Level,
    allow_registry: BTreeSet<String>,
}

/// What a finding does.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Level {
    Deny,
    Warn,
    Allow,
}

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Nothing for those of this project.
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    path: Option<String>,
}

/// Checks every crate that is built for one of the targets.
pub(crate) fn check() -> Result<Verdict> {
    let rules = fs::read_to_string(root().join("deny.toml"))?;
    let rules: Rules = toml::from_str(&rules).context("deny.toml")?;
    let packages = packages(&rules.graph)?;
    let faults: Vec<String> = packages
        .iter()
        .flat_map(|package| rules.faults(package))
        .collect();
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    let repeated = repeated(&packages);
    if !repeated.is_empty() && rules.bans.multiple_versions == Level::Deny {
        bail!("in several versions: {}", repeated.join(", "));
    }
    Ok(Verdict::Passed(format!(
        "bans, licences and sources of {} crates, {} in several versions",
        packages.len(),
        repeated.len()
    )))
}

fn packages(graph: &Graph) -> Result<Vec<Package>> {
    let mut command = tools::cargo();
    command
        .args(["metadata", "--locked", "--format-version=1"])
        .current_dir(root());
    for target in &graph.targets {
        command.args(["--filter-platform", target]);
    }
    if graph.all_features {
        command.arg("--all-features");
    }
    let metadata: Metadata = serde_json::from_str(&stdout(&mut command)?)?;
    Ok(metadata.packages)
}

impl Rules {
    fn faults(&self, package: &Package) -> Vec<String> {
        let banned = self.bans.deny.iter().find(|ban| ban.name == package.name);
        let banned = banned.map(|ban| format!("banned: {}", ban.reason));
        let wild = package.dependencies.iter().filter(|dependency| {
            let is_path = dependency.path.is_some() && self.bans.allow_wildcard_paths;
            self.bans.wildcards == Level::Deny && dependency.req == "*" && !is_path
        });
        let wild = wild.map(|dependency| format!("any version of {}", dependency.name));
        let faults = banned.into_iter().chain(wild);
        let faults = faults.chain(self.licenses.fault(package));
        let faults = faults.chain(self.sources.fault(package));
        let place = |fault| format!("{} {}: {fault}", package.name, package.version);
        faults.map(place).collect()
    }
}

impl Licences {
    fn fault(&self, package: &Package) -> Option<String> {
        if package.source.is_none() && self.private.ignore {
            return None;
        }
        let Some(license) = &package.license else {
            return Some("no licence".to_owned());
        };
        let is_allowed = Expression::parse_mode(license, ParseMode::LAX).is_ok_and(|expression| {
            expression.evaluate(|license| self.allow.contains(&license.to_string()))
        });
        (!is_allowed).then(|| format!("licence {license}"))
    }
}

impl Sources {
    fn fault(&self, package: &Package) -> Option<String> {
        let source = package.source.as_deref()?;
        let (level, is_known) = match source.strip_prefix("registry+") {
            Some(registry) => (
                self.unknown_registry,
                self.allow_registry.contains(registry),
            ),
            None => (self.unknown_git, false),
        };
        (level == Level::Deny && !is_known).then(|| format!("from {source}"))
    }
}

/// The crates of which there are several versions.
fn repeated(packages: &[Package]) -> Vec<&str> {
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        *versions.entry(&package.name).or_default() += 1;
    }
    versions.retain(|_, count| *count > 1);
    versions.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

    fn rules() -> Rules {
        toml::from_str(
            r#"
            graph = { targets = [], all-features = true }
            licenses = { allow = ["MIT", "Apache-2.0 WITH LLVM-exception"], private = { ignore = true } }
            sources = { unknown-registry = "deny", unknown-git = "deny", allow-registry = ["https://github.com/rust-lang/crates.io-index"] }
            [bans]
            multiple-versions = "warn"
            wildcards = "deny"
            allow-wildcard-paths = true
            deny = [{ crate = "serde_yaml", reason = "archived" }]
            "#,
        )
        .unwrap()
    }

    fn faults(name: &str, license: &str, source: Option<&str>, requirement: &str) -> Vec<String> {
        rules().faults(&Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()),
            source: source.map(str::to_owned),
            dependencies: vec![Dependency {
                name: "other".to_owned(),
                req: requirement.to_owned(),
                path: None,
            }],
        })
    }

    #[test]
    fn what_the_file_allows_passes() {
        let allowed = [
            "MIT",
            "Unlicense/MIT",
            "GPL-3.0 OR MIT",
            "Apache-2.0 WITH LLVM-exception",
        ];
        for license in allowed {
            assert_eq!(faults("a", license, Some(CRATES_IO), "^1"), [""; 0]);
        }
        assert_eq!(faults("ours", "none", None, "^1"), [""; 0]);
    }

    #[test]
    fn what_the_file_forbids_is_named() {
        let git = "git+https://example.com/a";
        let found = [
            faults("serde_yaml", "MIT", Some(CRATES_IO), "^1"),
            faults("a", "MIT AND GPL-3.0", Some(CRATES_IO), "^1"),
            faults("a", "MIT", Some(git), "^1"),
            faults("a", "MIT", Some(CRATES_IO), "*"),
        ];
        let expected = [
            "serde_yaml 1.0.0: banned: archived",
            "a 1.0.0: licence MIT AND GPL-3.0",
            "a 1.0.0: from git+https://example.com/a",
            "a 1.0.0: any version of other",
        ];
        assert_eq!(found.concat(), expected);
    }
}
