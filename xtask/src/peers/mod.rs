//! `cargo xtask peers`: what others make of the same files, side by side with ours.

mod attributes;
mod compose_x;
mod converter;
mod page;
mod programs;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;

use self::converter::{Converter, Kompose, Made, Ours};
pub(crate) use self::programs::{Peers, peers};
use crate::corpus::{self, Case};
use crate::paths::{self, emptied, root, scratch};
use crate::references::{Judgement, Target, judge};
use crate::{checks, tools};

/// How often each file is converted, to see whether the answer stays the same.
const RUNS: usize = 5;

/// What a converter made of all files.
#[derive(Default)]
struct Figures {
    /// Files it was given.
    files: usize,
    /// Files it refused or died of, with what it said.
    refused: Vec<String>,
    /// Files of which it made other objects in another run.
    unsteady: usize,
    /// Objects it made.
    objects: usize,
    /// Objects the schema of Kubernetes refuses.
    invalid: usize,
    /// Files whose objects have nothing untold.
    sound: usize,
    /// What was looked at in the objects.
    judgement: Judgement,
    /// What became of single attributes.
    attributes: attributes::Fates,
}

/// Measures, and writes the page.
pub(crate) fn run() -> Result<ExitCode> {
    let (binary, _scan) = tools::optimised()?;
    let ours = Ours {
        binary: binary.clone(),
    };
    let mut columns: Vec<Box<dyn Converter>> = vec![Box::new(ours)];
    let Peers {
        kompose,
        compose: _,
    } = peers();
    columns.extend(kompose.map(|program| Box::new(Kompose { program }) as Box<dyn Converter>));
    let folder = scratch("side-by-side");
    emptied(&folder)?;
    let cases = corpus::accepted()?;
    let mut measured = Vec::new();
    for converter in &columns {
        let mut figures = Figures::default();
        for case in &cases {
            figures.add(converter.as_ref(), case, &folder, &binary)?;
        }
        let written = folder.join(converter.name());
        figures.invalid = checks::refused_objects(&written)?.context("the check needs python3")?;
        measured.push((converter.title()?, figures));
    }
    let five = compose_x::compare(&binary)?;
    fs::write(root().join("docs/peers.md"), page::page(&measured, &five))?;
    Ok(ExitCode::SUCCESS)
}

/// The resolved project, whose services are all meant, and which needs no others.
fn resolved(case: &Case, binary: &Path) -> Result<Value> {
    let mut config = case.config(binary)?;
    let services = config.get_mut("services").and_then(Value::as_object_mut);
    let Some(services) = services else {
        return Ok(config);
    };
    let names: BTreeSet<String> = services.keys().cloned().collect();
    for (_, service) in services {
        service
            .as_object_mut()
            .map(|service| service.remove("profiles"));
        let needed = service.get_mut("depends_on");
        if let Some(needed) = needed.and_then(Value::as_object_mut) {
            needed.retain(|name, _| names.contains(name));
        }
    }
    Ok(config)
}

/// Writes a file for each secret and config whose own is not kept beside its stack: kompose reads
/// them while it converts.
fn stand_in(config: &mut Value, folder: &Path) -> Result<()> {
    for section in ["configs", "secrets"] {
        let sources = config.get_mut(section).and_then(Value::as_object_mut);
        for (name, source) in sources.into_iter().flatten() {
            let Some(Value::String(file)) = source.get_mut("file") else {
                continue;
            };
            let absent = Path::new(file);
            if absent.exists() {
                continue;
            }
            let into = folder.join(section).join(name);
            fs::create_dir_all(&into)?;
            let present = into.join(absent.file_name().context("a file without a name")?);
            fs::write(&present, "stand-in\n")?;
            *file = present.to_string_lossy().into_owned();
        }
    }
    Ok(())
}

/// Whether a converter makes the same objects of a file again and again.
fn is_steady(converter: &dyn Converter, config: &Value, first: &Made, into: &Path) -> Result<bool> {
    for _ in 1..RUNS {
        let again = converter.convert(config, into)?;
        if !again.is_ok_and(|again| again.objects == first.objects) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a converter said, without the folders of this machine.
fn without_folders(said: String, into: &Path) -> String {
    let folders = [Some(into.to_owned()), paths::corpus(), Some(root())];
    let folders = folders.into_iter().flatten();
    let said = folders.fold(said, |said, folder| {
        said.replace(&format!("{}/", folder.display()), "")
    });
    said.trim().to_owned()
}

impl Figures {
    /// Gives one file to a converter: the resolved one, the same for all.
    fn add(
        &mut self,
        converter: &dyn Converter,
        case: &Case,
        folder: &Path,
        binary: &Path,
    ) -> Result<()> {
        self.files += 1;
        let mut config = resolved(case, binary)?;
        stand_in(&mut config, &folder.join("absent"))?;
        let into = folder.join(converter.name()).join(&case.name);
        let made = match converter.convert(&config, &into)? {
            Ok(made) => made,
            Err(said) => {
                let said = without_folders(said, &into);
                self.refused.push(format!("{}: {said}", case.name));
                return Ok(());
            }
        };
        self.unsteady += usize::from(!is_steady(converter, &config, &made, &into)?);
        self.objects += made.objects.len();
        let account = converter.account(&config, &made);
        let judgement = judge(Target::Kubernetes, &config, &account, &made.objects);
        self.sound += usize::from(judgement.faults.is_empty());
        self.judgement.add(judgement);
        let less = folder.join("less");
        self.attributes.add(converter, &config, &made, &less)
    }
}
