//! `cargo xtask bench`: what loading and converting costs, beside the bare scan and our peers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::measure::{Cost, Outcome, measure};
use crate::paths::{root, scratch};
use crate::peers::{self, Peers};
use crate::{sample, tools};

/// The sizes measured, in services, and how often each is run.
const SIZES: [(usize, usize); 4] = [(4, 21), (100, 15), (1_000, 9), (10_000, 3)];

/// Layers of two services each, all of which need both of the layer before: there are a million ways
/// through them, and the reference goes each when it looks for cycles.
const LAYERS: usize = 20;

/// Seconds a run of a peer may take: one of them needs minutes for the largest file.
const PEER_LIMIT: u64 = 60;

/// Runs of a peer, which take too long to be many.
const PEER_RUNS: usize = 3;

/// How to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Print the table without writing `docs/performance.md`
    #[arg(long)]
    dry_run: bool,
}

/// A file that is loaded and converted.
struct Sample {
    title: String,
    text: String,
    services: usize,
    runs: usize,
}

/// One thing that is measured.
struct Subject {
    name: &'static str,
    command: Vec<String>,
    kind: Kind,
}

/// Whose program it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    Peer,
}

/// Measures all subjects in turns within one run, and writes the table.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let (tranship, scan) = tools::optimised()?;
    let folder = scratch("bench");
    fs::create_dir_all(&folder)?;
    let subjects = subjects(&tranship, &scan);
    let mut table = heading(&subjects);
    for sample in SIZES.map(sized).into_iter().chain([layered()]) {
        fs::write(folder.join("compose.yaml"), &sample.text)?;
        measure_sample(&mut table, &subjects, &folder, &sample)?;
    }
    print!("{table}");
    if !options.dry_run {
        fs::write(root().join("docs/performance.md"), table)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn sized((services, runs): (usize, usize)) -> Sample {
    Sample {
        title: format!("{services} services"),
        text: sample::compose(services),
        services,
        runs,
    }
}

fn layered() -> Sample {
    let mut text = String::from("name: layers\nservices:\n");
    for layer in 0..LAYERS {
        for side in ["a", "b"] {
            let _ = writeln!(text, "  {side}{layer}:\n    image: example/app:1.0");
            if let Some(before) = layer.checked_sub(1) {
                let _ = writeln!(text, "    depends_on: [a{before}, b{before}]");
            }
        }
    }
    Sample {
        title: format!(
            "{} services in {LAYERS} layers that need each other",
            2 * LAYERS
        ),
        text,
        services: 2 * LAYERS,
        runs: 21,
    }
}

fn subjects(tranship: &Path, scan: &Path) -> Vec<Subject> {
    let ours = |name, arguments: &[&str]| {
        let raised = ["--raise-limits", "8"];
        let arguments: Vec<&str> = arguments.iter().copied().chain(raised).collect();
        subject(name, Kind::Ours, tranship, &arguments)
    };
    let mut subjects = vec![
        subject("bare scan (floor)", Kind::Ours, scan, &["compose.yaml"]),
        ours(
            "tranship convert --to kubernetes",
            &["convert", "--to", "kubernetes"],
        ),
        ours("tranship convert --to swarm", &["convert", "--to", "swarm"]),
        ours("tranship convert --to ecs", &["convert", "--to", "ecs"]),
        ours("tranship config --quiet", &["config", "--quiet"]),
    ];
    let Peers { kompose, compose } = peers::peers();
    let kompose_arguments = ["convert", "--stdout", "-f", "compose.yaml"];
    let compose_arguments = ["-f", "compose.yaml", "config", "--quiet"];
    let kompose = kompose.map(|path| subject(KOMPOSE, Kind::Peer, &path, &kompose_arguments));
    let compose = compose.map(|path| subject(COMPOSE, Kind::Peer, &path, &compose_arguments));
    subjects.extend(kompose);
    subjects.extend(compose);
    subjects
}

const KOMPOSE: &str = "kompose convert --stdout";
const COMPOSE: &str = "docker compose config --quiet";

fn subject(name: &'static str, kind: Kind, program: &Path, arguments: &[&str]) -> Subject {
    let program = program.to_string_lossy().into_owned();
    let arguments = arguments.iter().map(|word| (*word).to_owned());
    Subject {
        name,
        command: std::iter::once(program).chain(arguments).collect(),
        kind,
    }
}

fn heading(subjects: &[Subject]) -> String {
    let mut text = String::from(
        "# Performance\n\n\
         Written by `cargo xtask bench`. Each figure is the median of several runs of a whole\n\
         process, start included, taken in turns; compare the ratios, not the seconds: they hold\n\
         across machines. The bare scan only counts the events of the same YAML parser on the same\n\
         bytes, and is the floor below which no loader can go.\n",
    );
    text.push_str(LIMITS);
    for name in [KOMPOSE, COMPOSE] {
        if !subjects.iter().any(|subject| subject.name == name) {
            let _ = write!(text, "\n`{name}` could not be had in this run.\n");
        }
    }
    text
}

const LIMITS: &str = "\nPeers are built from their sources at the versions of `xtask/peers`, run \
fewer times, and are\nended after a minute. `tranship config --quiet` loads and checks, as \
`docker compose config\n--quiet` does; kompose makes Kubernetes objects.\n";

fn measure_sample(
    table: &mut String,
    subjects: &[Subject],
    folder: &Path,
    sample: &Sample,
) -> Result<()> {
    let mut series: Vec<Series> = subjects.iter().map(|_| Series::Of(Vec::new())).collect();
    for run in 0..sample.runs {
        for (subject, series) in subjects.iter().zip(&mut series) {
            series.add(subject, folder, run).context(subject.name)?;
        }
    }
    let _ = write!(
        table,
        "\n## {}, {} kB, {} runs\n\n\
         | | CPU ms | wall ms | peak MiB | CPU, times the scan | CPU µs a service |\n\
         |---|---|---|---|---|---|\n",
        sample.title,
        sample.text.len() / 1000,
        sample.runs,
    );
    rows(table, subjects, &series, sample.services)
}

/// The runs of a subject at one size, unless one of them came to nothing: it is not run again then.
enum Series {
    Of(Vec<Cost>),
    TooLong,
    Refused(String),
}

impl Series {
    fn add(&mut self, subject: &Subject, folder: &Path, run: usize) -> Result<()> {
        let limit = match subject.kind {
            Kind::Ours => None,
            Kind::Peer if run < PEER_RUNS => Some(PEER_LIMIT),
            Kind::Peer => return Ok(()),
        };
        let Self::Of(costs) = self else {
            return Ok(());
        };
        match measure(&subject.command, folder, limit)? {
            Outcome::Done(cost) => costs.push(cost),
            Outcome::TooLong => *self = Self::TooLong,
            Outcome::Refused(reason) if subject.kind == Kind::Ours => bail!(reason),
            Outcome::Refused(reason) => {
                let place = format!("{}/", folder.display());
                *self = Self::Refused(reason.replace(&place, ""));
            }
        }
        Ok(())
    }

    fn median(&self) -> Option<Cost> {
        match self {
            Self::Of(costs) => Some(median(costs)),
            Self::TooLong | Self::Refused(_) => None,
        }
    }
}

/// One row for each subject, and below them why some refused the file.
fn rows(
    table: &mut String,
    subjects: &[Subject],
    series: &[Series],
    services: usize,
) -> Result<()> {
    let floor = series
        .first()
        .and_then(Series::median)
        .context("no floor")?
        .cpu;
    let mut reasons = String::new();
    for (subject, series) in subjects.iter().zip(series) {
        let name = subject.name;
        let cells = match series {
            Series::Of(costs) => cells(&median(costs), floor, services),
            Series::TooLong => format!("> {PEER_LIMIT} s | | | |"),
            Series::Refused(reason) => {
                let _ = write!(reasons, "\n`{name}` refused: {reason}\n");
                "refused | | | |".to_owned()
            }
        };
        let _ = writeln!(table, "| {name} | {cells} |");
    }
    table.push_str(&reasons);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count of services")]
fn cells(cost: &Cost, floor: f64, services: usize) -> String {
    format!(
        "{:.1} | {:.1} | {:.1} | {:.2} | {:.0}",
        cost.cpu * 1e3,
        cost.wall * 1e3,
        cost.memory,
        cost.cpu / floor,
        cost.cpu * 1e6 / services as f64,
    )
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
