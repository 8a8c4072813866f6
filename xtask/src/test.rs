//! `cargo xtask test`: every test.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::corpus::{self, Case};
use crate::lab::Part;
use crate::report::{Live, Report, Verdict};
use crate::{
    checks, conformance, dependencies, docs, features, fidelity, forms, hermetic, lab, live, paths,
    readers, rules, tools,
};

/// How to test.
#[derive(Args)]
pub(crate) struct Options {
    /// Count a live test that cannot run here as failed
    #[arg(long)]
    require_live: bool,
    /// Run every kill and race of the live tests, not a sample
    #[arg(long)]
    full: bool,
    /// Run only the checks with this in their names; give it once for each
    ///
    /// Checks of renderings need those that make them: `fixtures`, `real stacks, accepted`.
    #[arg(long)]
    only: Vec<String>,
}

/// The checks that need a real orchestrator, by which.
const LANES: &[&[Live]] = &[
    &[
        ("laboratory: Kubernetes", |_| lab::kubernetes::check::run()),
        ("renderings in other forms", forms::check),
        ("every rendering against the API server", |_| {
            live::api_server::check()
        }),
        ("stacks of different make: Kubernetes", |_| {
            live::kubernetes::stacks()
        }),
        ("live: Kubernetes", live::kubernetes::run),
        ("observed fidelity: Kubernetes", |_| {
            fidelity::check(Part::Kubernetes)
        }),
        ("the pipeline of docs/jenkins.md", |_| {
            live::jenkins::check()
        }),
    ],
    &[
        ("every rendering against the Swarm API", |_| {
            live::swarm_api::check()
        }),
        ("the stack file on a real Swarm", |_| {
            live::stack_file::check()
        }),
        ("stacks of different make: Swarm", |_| live::swarm::stacks()),
        ("live: Swarm", live::swarm::run),
        ("observed fidelity: Swarm", |_| fidelity::check(Part::Swarm)),
    ],
    &[
        ("laboratory: ECS", |_| lab::ecs::check::run()),
        ("stacks of different make: ECS", |_| live::ecs::stacks()),
        ("observed fidelity: ECS", |_| fidelity::check(Part::Ecs)),
        ("live: ECS", live::ecs::run),
    ],
];

/// Runs every test and prints the sums.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let report = Report::new(options.require_live, options.only.clone());
    report.check("lints", checks::lints);
    report.check("dependencies", dependencies::check);
    report.check("unit tests, laws and transcripts", checks::unit_tests);
    let binary = tools::tranship()?;
    report.check("generated documentation is current", || {
        docs::current(&binary)
    });
    report.check("one answer, whatever surrounds the tool", || {
        hermetic::check(&binary)
    });
    let folder = checks::renderings()?;
    render(&report, &binary, &folder)?;
    report.check("what renderings refer to is there", || {
        checks::references(&folder)
    });
    report.check("kubernetes-validate, strict", || {
        checks::kubernetes(&folder)
    });
    report.check("cfn-lint", || checks::cloudformation(&folder));
    report.check("aws ecs, checked offline", || checks::aws(&folder));
    report.check(
        "rules of ECS, beside cfn-lint and the emulator",
        rules::check,
    );
    report.check("docker stack config", || checks::stack_files(&folder));
    report.check("features beside `docker stack deploy`", || {
        features::check(&binary)
    });
    report.check("scalars mean the same to every reader", readers::check);
    report.check("the loader beside the reference", conformance::check);
    report.live(options.full, LANES);
    Ok(report.finish())
}

fn render(report: &Report, binary: &Path, folder: &Path) -> Result<()> {
    let fixtures = corpus::fixtures()?;
    report.check("fixtures", || checks::accepted(binary, &fixtures, folder));
    let cases = match paths::corpus() {
        Some(corpus) => corpus::real(&corpus)?,
        None => Vec::new(),
    };
    let or_skipped = |check: &dyn Fn(&[Case]) -> Result<Verdict>| {
        if cases.is_empty() {
            let reason = "TRANSHIP_CORPUS names no folder with a cases.tsv";
            return Ok(Verdict::Skipped(reason.to_owned()));
        }
        check(&cases)
    };
    report.check("real stacks, accepted", || {
        or_skipped(&|cases| checks::accepted(binary, cases, folder))
    });
    report.check("real stacks, refused", || {
        or_skipped(&|cases| checks::refused(binary, cases))
    });
    Ok(())
}
