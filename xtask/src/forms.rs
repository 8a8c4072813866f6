//! What kustomize and Helm make of the forms of a rendering: the plain objects, all of them and no
//! others.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::command::stdout;
use crate::corpus::{self, Case, text};
use crate::lab;
use crate::paths::{emptied, scratch};
use crate::report::Verdict;
use crate::tools;

/// Every how many cases one is looked at, unless all are.
const SAMPLE: usize = 3;

/// Renders cases in each form, a sample or all, and has each read by the tool it is for.
pub(crate) fn check(full: bool) -> Result<Verdict> {
    if let Some(obstacle) = lab::obstacle() {
        return Ok(Verdict::Skipped(obstacle.to_owned()));
    }
    let binary = tools::tranship()?;
    let (kubectl, helm) = (lab::kubernetes::kubectl_built()?, lab::helm()?);
    let folder = scratch("forms");
    emptied(&folder)?;
    let mut objects = 0;
    let cases = corpus::accepted()?.into_iter();
    let cases: Vec<Case> = cases.step_by(if full { 1 } else { SAMPLE }).collect();
    for case in &cases {
        let plain = convert(case, &binary, &["--to", "kubernetes"])?;
        let plain = sorted(&plain)?;
        objects += plain.len();
        for (form, program, arguments) in [
            ("kustomize", &kubectl, &["kustomize"][..]),
            ("helm", &helm, &[]),
        ] {
            let into = folder.join(form);
            emptied(&into)?;
            let place = into.to_string_lossy();
            convert(
                case,
                &binary,
                &["--to", "kubernetes", "--form", form, "-o", &place],
            )?;
            let read = stdout(Command::new(program).args(arguments).arg(&into))?;
            ensure!(
                sorted(&read)? == plain,
                "{}: {form} makes other objects",
                case.name
            );
        }
    }
    let cases = cases.len();
    Ok(Verdict::Passed(format!(
        "{objects} objects of {cases} stacks, the same from kubectl kustomize and from Helm"
    )))
}

/// What a conversion prints.
fn convert(case: &Case, binary: &Path, arguments: &[&str]) -> Result<String> {
    let converted = case.tranship(binary, &[&["convert"], arguments].concat())?;
    let said = text(&converted.stderr);
    ensure!(converted.status.success(), "{}: {said}", case.name);
    String::from_utf8(converted.stdout).context("no text")
}

/// The objects of a stream, in an order of their own.
fn sorted(stream: &str) -> Result<Vec<Value>> {
    let mut objects: Vec<Value> = serde_saphyr::from_multiple(stream)?;
    let name = |object: &Value| {
        let part = |pointer| object.pointer(pointer).map(Value::to_string);
        (part("/kind"), part("/metadata/name"))
    };
    objects.sort_by_cached_key(name);
    Ok(objects)
}
