//! Every object of every rendering for Kubernetes, put before a real API server.
//!
//! A schema finds none of what an API server refuses: a strategy that excludes another, a name that
//! is not one, a field behind a switch that is off. So each object is applied there with
//! `dryRun=All` and `fieldValidation=Strict`, and what comes back has to hold all that was sent.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::kept::{Tally, entries};
use super::kubernetes_api::Api;
use crate::checks;
use crate::lab::{self, Part};
use crate::report::Verdict;

/// The instance of this check: nobody else's.
const NAME: &str = "checkapi";

/// Where the objects would be.
const NAMESPACE: &str = "renderings";

/// Puts every rendering of this run before the API server.
pub(crate) fn check() -> Result<Verdict> {
    lab::within(NAME, Part::Kubernetes, |instance| {
        let kubeconfig = instance.run_folder(Part::Kubernetes).join("kubeconfig");
        let mut api = Api::connect(&kubeconfig)?;
        api.create_namespace(NAMESPACE)?;
        all(&mut api, &checks::rendered())
    })
}

fn all(api: &mut Api, renderings: &Path) -> Result<String> {
    let mut tally = Tally::default();
    for stack in entries(renderings)? {
        tally.stacks += 1;
        for file in entries(&stack.join("kubernetes"))? {
            let text = fs::read_to_string(&file)?;
            let object: Value = serde_saphyr::from_str(&text)
                .with_context(|| format!("{} is no object", file.display()))?;
            let place = file.strip_prefix(renderings)?.display().to_string();
            let (status, answer) = api.rehearse(NAMESPACE, &object)?;
            tally.add(&place, &object, status, &answer);
        }
    }
    tally.verdict()
}
