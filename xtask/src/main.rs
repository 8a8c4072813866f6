//! What people and CI run: `cargo xtask test`, `demo`, `bench`, `docs`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these are programs for people; printing is their work"
)]

mod bench;
mod checks;
mod command;
mod conformance;
mod corpus;
mod demo;
mod dependencies;
mod docs;
mod features;
mod fidelity;
mod forms;
mod fuzz;
mod generate;
mod hermetic;
mod lab;
mod live;
mod measure;
mod paths;
mod peers;
mod readers;
mod references;
mod report;
mod rules;
mod sample;
mod scale;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Build, prove and measure tranship.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test; what cannot run here is skipped with its reason and counted
    Test(test::Options),
    /// Convert, compare and deploy the sample shop
    Demo(demo::Options),
    /// Compare the loader with the reference loader, value by value
    Conformance(conformance::Options),
    /// Bring up real orchestrators on this machine, and take them down
    Lab(lab::Options),
    /// Deploy a stack of probes to each target, and compare what they see with what we claim
    Fidelity(fidelity::Options),
    /// Feed each grammar inputs no person would write
    Fuzz(fuzz::Options),
    /// Measure load and convert beside the bare scan and installed peers
    Bench(bench::Options),
    /// Measure deploying many services beside `kubectl apply` and `docker stack deploy`
    Scale(scale::Options),
    /// Write the generated parts of the documentation
    Docs(docs::Options),
    /// Measure who finds definitions AWS refuses, and write `docs/ecs-rules.md`
    EcsRules,
    /// Convert the same files with peers, and write `docs/peers.md`
    Peers,
    /// Write a generated compose file of a number of services to standard output
    Generate(generate::Options),
    /// Run a command and print what it cost as JSON (used by `bench`)
    #[command(hide = true)]
    Measure(measure::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test(options) => test::run(&options),
        Task::Demo(options) => demo::run(&options),
        Task::Conformance(options) => conformance::run(&options),
        Task::Lab(options) => lab::run(&options),
        Task::Fidelity(options) => fidelity::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Scale(options) => scale::run(&options),
        Task::Docs(options) => docs::run(&options),
        Task::EcsRules => rules::run(),
        Task::Peers => peers::run(),
        Task::Generate(options) => Ok(generate::run(&options)),
        Task::Measure(options) => measure::run(&options),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
