//! The reference asked live: on a folder, on generated files, on changed files of the folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use super::Options;
use super::case::{Case, Outcome};
use super::difference::Exactness;
use super::folder;
use super::generate::Generator;
use super::minimise::minimise;
use super::mutate::mutate;
use super::oracle::Oracle;
use super::random::Random;
use super::rules::{Disagreement, explain, general_message};
use super::scenario;
use super::schema::{Goal, Schema};
use super::tally::Tally;
use crate::command::succeed;

/// Cases asked at once.
const BATCH: usize = 200;

/// Disagreements of one cause that are made small and shown.
const SHOWN: usize = 1;

/// Compares live, prints what differs, and returns how many differences are not explained.
pub(super) fn compare(corpus: Option<&Path>, options: &Options) -> Result<usize> {
    let (files, seed) = (options.files, options.seed);
    let mut run = Run {
        oracle: Oracle::start()?,
        tally: Tally::default(),
        reasons: options.reasons,
    };
    if let Some(corpus) = corpus {
        let cases: Vec<Case> = folder::cases(corpus)?
            .into_iter()
            .map(|(case, _)| case)
            .collect();
        run.all(&cases)?;
        run.end("the folder");
        run.changed(corpus, files / 5, seed)?;
        run.end("changed files of the folder");
    }
    run.generated(files - files / 5, seed)?;
    let failures = run.tally.failures();
    Ok(failures)
}

struct Run {
    oracle: Oracle,
    tally: Tally,
    /// Whether to print why files are refused by both.
    reasons: bool,
}

impl Run {
    fn end(&mut self, what: &str) {
        println!("{what}:");
        if self.reasons {
            self.tally.print_reasons();
        }
        self.tally.print(self.reasons);
    }

    fn generated(&mut self, files: usize, seed: u64) -> Result<()> {
        let schema = Schema::parse(&self.oracle.schema()?)?;
        let goals: Vec<Goal> = schema
            .goals()
            .into_iter()
            .filter(|goal| !goal.path.is_empty())
            .collect();
        let workplace = workplace()?;
        furnish(workplace.path())?;
        let mut generator = Generator {
            schema: &schema,
            random: Random::new(seed),
            covered: BTreeSet::new(),
            odd: 10,
        };
        let mut number = 0;
        while number < files {
            let end = files.min(number + BATCH);
            let numbers = number..end;
            let cases = numbers.filter_map(|number| {
                let goal =
                    goals.get((number + usize::try_from(seed).unwrap_or(0)) % goals.len())?;
                Some(scenario::case(
                    &mut generator,
                    goal,
                    number,
                    workplace.path(),
                ))
            });
            let cases: Vec<Case> = cases.collect();
            self.all(&cases)?;
            number = end;
        }
        self.end("with generated files");
        self.coverage(&goals)
    }

    /// Prints how many properties, and forms of them, were in a file that was read alike.
    fn coverage(&self, goals: &[Goal]) -> Result<()> {
        let properties = self.oracle.properties()?;
        let covered: BTreeSet<String> = self
            .tally
            .covered
            .iter()
            .map(|goal| goal.path.join("."))
            .collect();
        let missing: Vec<&String> = properties
            .iter()
            .filter(|path| !covered.contains(*path))
            .collect();
        println!(
            "properties covered: {} of {}",
            properties.len() - missing.len(),
            properties.len()
        );
        println!(
            "properties in each of their forms: {} of {}",
            goals
                .iter()
                .filter(|goal| self.tally.covered.contains(goal))
                .count(),
            goals.len()
        );
        for path in missing.iter().take(20) {
            println!("  not covered: {path}");
        }
        Ok(())
    }

    fn changed(&mut self, corpus: &Path, files: usize, seed: u64) -> Result<()> {
        let workplace = workplace()?;
        let copy = copy_of(corpus, workplace.path())?;
        let originals: Vec<Case> = folder::cases(&copy)?
            .into_iter()
            .map(|(case, _)| case)
            .collect();
        let mut random = Random::new(seed);
        for start in (0..files).step_by(BATCH) {
            let numbers = start..files.min(start + BATCH);
            let cases = numbers.filter_map(|number| changed(&originals, number, &mut random));
            let cases: Vec<Case> = cases.collect();
            self.all(&cases)?;
        }
        Ok(())
    }

    fn all(&mut self, cases: &[Case]) -> Result<()> {
        cases.iter().try_for_each(Case::write)?;
        let ours = || cases.iter().map(Case::load).collect::<Vec<_>>();
        let (theirs, ours) = self.oracle.ask(cases, ours)?;
        for ((case, ours), theirs) in cases.iter().zip(&ours).zip(&theirs) {
            self.judge(case, ours, theirs)?;
        }
        cases.iter().for_each(Case::clean);
        Ok(())
    }

    fn judge(&mut self, case: &Case, ours: &Outcome, theirs: &Outcome) -> Result<()> {
        self.tally.files += 1;
        match Disagreement::between(ours, theirs, Exactness::Values) {
            None => self.agreed(case, theirs),
            Some(disagreement) => match explain(&disagreement, case)? {
                Some(rule) => self.tally.explain(rule.id, &disagreement),
                None => self.unexplained(case, &disagreement)?,
            },
        }
        Ok(())
    }

    fn agreed(&mut self, case: &Case, theirs: &Outcome) {
        match theirs {
            Outcome::Refused(errors) => {
                self.tally.both_refused += 1;
                let reason = general_message(&errors.concat());
                *self.tally.reasons.entry(reason).or_default() += 1;
            }
            Outcome::Accepted(..) => {
                self.tally.agreed += 1;
                self.tally.covered.extend(case.covered.iter().cloned());
            }
        }
    }

    fn unexplained(&mut self, case: &Case, disagreement: &Disagreement) -> Result<()> {
        let kind = disagreement.cause();
        let count = self.tally.unexplained.entry(kind.clone()).or_default();
        *count += 1;
        if *count > SHOWN {
            return Ok(());
        }
        let smallest = minimise(case, |case| {
            let found = self.ask(case)?;
            Ok(match found {
                Some(found) => found.cause() == kind && explain(&found, case)?.is_none(),
                None => false,
            })
        })?;
        println!("--- {}: {kind}", case.name);
        if let Some(found) = self.ask(&smallest)? {
            println!("{found}");
        }
        for (name, text) in &smallest.texts {
            println!("# {name}\n{text}");
        }
        Ok(())
    }

    fn ask(&mut self, case: &Case) -> Result<Option<Disagreement>> {
        case.write()?;
        let (theirs, ours) = self
            .oracle
            .ask(std::slice::from_ref(case), || case.load())?;
        let theirs = theirs.first();
        Ok(theirs.and_then(|theirs| Disagreement::between(&ours, theirs, Exactness::Values)))
    }
}

/// A case of the folder with one of its files changed.
fn changed(originals: &[Case], number: usize, random: &mut Random) -> Option<Case> {
    let original = random.pick(originals)?;
    let index = random.below(original.files.len());
    let name = original.files.get(index)?;
    let text = fs::read_to_string(original.folder.join(name)).ok()?;
    let mut case = original.clone();
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    let changed = folder
        .join(format!("changed-{number}.yaml"))
        .to_string_lossy()
        .into_owned();
    case.texts.push((changed.clone(), mutate(&text, random)));
    *case.files.get_mut(index)? = changed;
    case.name = format!("{} changed, {number}", case.name);
    Some(case)
}

/// A folder for short-lived files: in memory where there is such a place, because thousands of
/// small files are written and removed.
fn workplace() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        TempDir::with_prefix_in("tranship-conformance-", memory)?
    } else {
        TempDir::with_prefix("tranship-conformance-")?
    })
}

/// Writes the files generated cases find beside their own.
fn furnish(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("folder"))?;
    for (name, text) in scenario::WORLD {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// A copy of the folder, in which files may be written.
fn copy_of(corpus: &Path, workplace: &Path) -> Result<PathBuf> {
    let copy = workplace.join("folder");
    let mut command = Command::new("cp");
    succeed(command.arg("-r").arg(corpus).arg(&copy))?;
    Ok(copy)
}
