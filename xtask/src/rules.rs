//! `cargo xtask ecs-rules`: what AWS refuses of ECS, and who else finds it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use tranship_ecs::rules::RULES;

use crate::command::stdout;
use crate::paths::root;
use crate::report::Verdict;
use crate::tools;

/// How many definitions break a rule, and how many of them others refuse.
#[derive(Clone, Copy, Default)]
struct Found {
    definitions: usize,
    linter: usize,
    emulator: usize,
}

/// Measures, and writes the page.
pub(crate) fn run() -> Result<ExitCode> {
    let measured = measure()?.context("the checkers need python3")?;
    fs::write(page_path(), page(&measured))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the page says what is measured.
pub(crate) fn check() -> Result<Verdict> {
    let Some(measured) = measure()? else {
        return Ok(Verdict::Skipped("no python3".to_owned()));
    };
    if fs::read_to_string(page_path())? != page(&measured) {
        bail!("docs/ecs-rules.md is not current; run `cargo xtask ecs-rules`");
    }
    let all = sum(&measured);
    Ok(Verdict::Passed(format!(
        "{} invalid definitions: ours finds all, cfn-lint {}, the emulator {}",
        all.definitions, all.linter, all.emulator
    )))
}

fn page_path() -> PathBuf {
    root().join("docs/ecs-rules.md")
}

/// What each tool finds, by rule.
fn measure() -> Result<Option<BTreeMap<String, Found>>> {
    let requirements = root().join("lab/ecs/requirements.txt");
    let emulator = tools::environment("lab/ecs-venv", &requirements)?;
    let (Some(linter), Some(emulator)) = (tools::python()?, emulator) else {
        return Ok(None);
    };
    let said = stdout(
        Command::new(linter.join("python"))
            .arg(root().join("xtask/checks/ecs_rules.py"))
            .arg(root().join("backends/ecs/tests"))
            .args([&linter, &emulator]),
    )?;
    let mut measured: BTreeMap<String, Found> = BTreeMap::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, linter, emulator] = words.as_slice() else {
            bail!("not a line of the check: {line}");
        };
        let rule = name.split('.').next().unwrap_or(name);
        let found = measured.entry(rule.to_owned()).or_default();
        found.definitions += 1;
        found.linter += usize::from(*linter == "1");
        found.emulator += usize::from(*emulator == "1");
    }
    Ok(Some(measured))
}

fn sum(measured: &BTreeMap<String, Found>) -> Found {
    let mut all = Found::default();
    for found in measured.values() {
        all.definitions += found.definitions;
        all.linter += found.linter;
        all.emulator += found.emulator;
    }
    all
}

fn page(measured: &BTreeMap<String, Found>) -> String {
    let all = sum(measured);
    let mut page = format!(
        "# What AWS refuses of ECS\n\n\
         Every conversion to ECS is held against these rules; what breaks one is noted as refused, \
         under the code `ecs-rule`, at the service it comes from. For each rule there are \
         definitions that break it and no other (`backends/ecs/tests/invalid`), and definitions \
         beside them that break none. The table is written by `cargo xtask ecs-rules` and measured \
         anew by `cargo xtask test`: how many of the invalid definitions each tool refuses. cfn-lint \
         reads them as a template; the emulator is ministack, asked as the API.\n\n\
         Of {} invalid definitions tranship finds {}, cfn-lint {}, the emulator {}. That tranship \
         finds each is a test of `backends/ecs`.\n\n\
         | rule | AWS demands | where it says so | definitions | cfn-lint | emulator |\n\
         | --- | --- | --- | --- | --- | --- |\n",
        all.definitions, all.definitions, all.linter, all.emulator
    );
    for rule in RULES {
        let found = measured.get(rule.name).copied().unwrap_or_default();
        // Writing into a text cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            rule.name, rule.demand, rule.source, found.definitions, found.linter, found.emulator
        );
    }
    page
}
