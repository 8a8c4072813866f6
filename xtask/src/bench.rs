//! `cargo xtask bench`: what loading and converting costs, beside the bare scan and our peers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::Args;

use crate::command::{exists, output};
use crate::measure::{Cost, cost};
use crate::paths::{root, scratch};
use crate::{generate, tools};

/// The sizes measured, in services, and how often each is run.
const SIZES: [(usize, usize); 4] = [(4, 21), (100, 15), (1_000, 9), (10_000, 3)];

/// Peers stop here: one of them needs minutes for more.
const PEERS_UP_TO: usize = 1_000;

/// How to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Print the table without writing `docs/performance.md`
    #[arg(long)]
    dry_run: bool,
}

/// One thing that is measured.
struct Subject {
    name: &'static str,
    command: Vec<String>,
    /// The largest file it is given, in services.
    up_to: usize,
}

/// Measures all subjects in turns within one run, and writes the table.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let (tranship, scan) = tools::optimised()?;
    let folder = scratch("bench");
    fs::create_dir_all(&folder)?;
    let subjects = subjects(&tranship, &scan);
    let mut table = heading(&subjects);
    for (services, runs) in SIZES {
        fs::write(folder.join("compose.yaml"), generate::compose(services))?;
        measure_size(&mut table, &subjects, &folder, services, runs)?;
    }
    print!("{table}");
    if !options.dry_run {
        fs::write(root().join("docs/performance.md"), table)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn subjects(tranship: &Path, scan: &Path) -> Vec<Subject> {
    let words = |program: &Path, arguments: &[&str]| {
        let program = program.to_string_lossy().into_owned();
        std::iter::once(program)
            .chain(arguments.iter().map(|word| (*word).to_owned()))
            .collect()
    };
    let subject = |name, command, up_to| Subject {
        name,
        command,
        up_to,
    };
    let all = usize::MAX;
    let mut subjects = vec![
        subject("bare scan (floor)", words(scan, &["compose.yaml"]), all),
        subject(
            "tranship convert --to kubernetes",
            words(
                tranship,
                &["convert", "--raise-limits", "8", "--to", "kubernetes"],
            ),
            all,
        ),
        subject(
            "tranship convert --to swarm",
            words(
                tranship,
                &["convert", "--raise-limits", "8", "--to", "swarm"],
            ),
            all,
        ),
        subject(
            "tranship convert --to ecs",
            words(tranship, &["convert", "--raise-limits", "8", "--to", "ecs"]),
            all,
        ),
        subject(
            "tranship config",
            words(tranship, &["config", "--raise-limits", "8", "--quiet"]),
            all,
        ),
    ];
    if exists("kompose") {
        let command = words(
            Path::new("kompose"),
            &["convert", "--stdout", "-f", "compose.yaml"],
        );
        subjects.push(subject("kompose convert", command, PEERS_UP_TO));
    }
    if has_compose() {
        let command = words(Path::new("docker"), &["compose", "config", "--quiet"]);
        subjects.push(subject("docker compose config", command, PEERS_UP_TO));
    }
    subjects
}

fn has_compose() -> bool {
    exists("docker")
        && output(Command::new("docker").args(["compose", "version"]))
            .is_ok_and(|output| output.status.success())
}

fn heading(subjects: &[Subject]) -> String {
    let mut text = String::from(
        "# Performance\n\n\
         Written by `cargo xtask bench`. Each figure is the median of several runs of a whole\n\
         process, start included, taken in turns; compare the ratios, not the seconds: they hold\n\
         across machines. The bare scan only counts the events of the same YAML parser on the same\n\
         bytes, and is the floor below which no loader can go.\n",
    );
    for (name, program) in [
        ("kompose", "kompose convert"),
        ("docker compose", "docker compose config"),
    ] {
        if !subjects.iter().any(|subject| subject.name == program) {
            let _ = write!(text, "\n{name} was not installed in this run.\n");
        }
    }
    text
}

fn measure_size(
    table: &mut String,
    subjects: &[Subject],
    folder: &Path,
    services: usize,
    runs: usize,
) -> Result<()> {
    let subjects: Vec<&Subject> = subjects
        .iter()
        .filter(|subject| services <= subject.up_to)
        .collect();
    let mut costs: Vec<Vec<Cost>> = subjects.iter().map(|_| Vec::new()).collect();
    for _ in 0..runs {
        for (subject, costs) in subjects.iter().zip(&mut costs) {
            costs.push(cost(&subject.command, folder).with_context(|| subject.name.to_owned())?);
        }
    }
    let bytes = fs::metadata(folder.join("compose.yaml"))?.len();
    let _ = write!(
        table,
        "\n## {services} services, {} kB, {runs} runs\n\n\
         | | CPU ms | wall ms | peak MiB | CPU, times the scan | CPU µs a service |\n\
         |---|---|---|---|---|---|\n",
        bytes / 1000,
    );
    let medians: Vec<Cost> = costs.iter().map(|costs| median(costs)).collect();
    let floor = medians.first().context("no floor")?.cpu;
    for (subject, cost) in subjects.iter().zip(&medians) {
        row(table, subject.name, cost, floor, services);
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count of services")]
fn row(table: &mut String, name: &str, cost: &Cost, floor: f64, services: usize) {
    let _ = writeln!(
        table,
        "| {name} | {:.1} | {:.1} | {:.1} | {:.2} | {:.0} |",
        cost.cpu * 1e3,
        cost.wall * 1e3,
        cost.memory,
        cost.cpu / floor,
        cost.cpu * 1e6 / services as f64,
    );
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |figure: fn(&Cost) -> f64| {
        let mut figures: Vec<f64> = costs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    Cost {
        cpu: middle(|cost| cost.cpu),
        wall: middle(|cost| cost.wall),
        memory: middle(|cost| cost.memory),
    }
}
