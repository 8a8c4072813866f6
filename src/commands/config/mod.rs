//! `tranship config`.

mod lists;
mod resolved;
mod variables;

use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ValueEnum};
use serde::Serialize;
use tranship_backend::to_yaml;
use tranship_compose::LoadOptions;
use tranship_compose::project::Stage;

use self::lists::Lists;
use self::resolved::resolve;
use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::write_file;
use crate::pipeline;
use crate::view::{json, tree};

/// What `config` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConfigArgs {
    /// Print these services and what they depend on; a named one needs no active profile
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// The form of the output: yaml or json; `--variables` prints a table without it
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    format: Option<Format>,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    skipped: Skipped,
    /// Write to this file instead of standard output
    #[arg(
        short,
        long,
        value_name = "FILE",
        env = "TRANSHIP_OUTPUT",
        hide_env = true
    )]
    output: Option<PathBuf>,
    /// Print nothing; the exit code says whether the project is sound
    #[arg(short, long, env = "TRANSHIP_QUIET", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    quiet: bool,
    /// Refused: it would ask a registry, and nothing is fetched here
    #[arg(long, hide = true)]
    resolve_image_digests: bool,
    /// Refused: it would ask a registry, and nothing is fetched here
    #[arg(long, hide = true)]
    lock_image_digests: bool,
}

/// Steps that can be left undone.
#[derive(Args, Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of docker compose, one flag each"
)]
struct Skipped {
    /// Leave variables as they are written; the project is merged, but not checked
    #[arg(long, env = "TRANSHIP_NO_INTERPOLATE", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_interpolate: bool,
    /// Leave out what docker compose adds: names, the default network, implied dependencies
    #[arg(long, env = "TRANSHIP_NO_NORMALIZE", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_normalize: bool,
    /// Leave relative paths as they are written
    #[arg(long, env = "TRANSHIP_NO_PATH_RESOLUTION", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_path_resolution: bool,
    /// Do not look up what services refer to
    #[arg(long, env = "TRANSHIP_NO_CONSISTENCY", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_consistency: bool,
    /// Do not read the files of `env_file`
    #[arg(long, env = "TRANSHIP_NO_ENV_RESOLUTION", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_env_resolution: bool,
}

/// Forms of a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
}

/// Prints a project.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, [`Failure::Usage`] when it lacks a service that
/// is named, [`Failure::Failed`] when the output cannot be written.
pub(crate) fn run(args: &ConfigArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    refuse_digests(args)?;
    let text = text(args, global, console)?;
    match &args.output {
        _ if args.quiet => Ok(()),
        Some(path) => write_file(path, &text),
        None => console.data(&text),
    }
}

fn refuse_digests(args: &ConfigArgs) -> Result<(), Failure> {
    let flag = match (args.resolve_image_digests, args.lock_image_digests) {
        (true, _) => "--resolve-image-digests",
        (false, true) => "--lock-image-digests",
        (false, false) => return Ok(()),
    };
    Err(Failure::Usage(format!(
        "`{flag}` needs a registry, and tranship fetches nothing while it reads a project\n  \
         pin the images in the file: `image: name@sha256:…`"
    )))
}

fn text(args: &ConfigArgs, global: &GlobalArgs, console: Console) -> Result<String, Failure> {
    let format = args.format.unwrap_or_default();
    if args.lists.variables {
        let tree = pipeline::tree(global, console)?;
        return variables::text(args.format, &tree);
    }
    if args.skipped.no_interpolate {
        let tree = pipeline::tree(global, console)?;
        return match args.lists.of_tree(&tree) {
            Some(names) => Ok(lists::lines(&names)),
            None => written(format, &tree::plain(&tree)),
        };
    }
    let change = |options: &mut LoadOptions| options.skipped.extend(args.skipped.stages());
    let resolved = resolve(global, &args.services, change, console)?;
    if let Some(lines) = args.lists.of_project(&resolved)? {
        return Ok(lists::lines(&lines));
    }
    // The process ends after this: taking the project apart is work for nobody.
    let resolved = ManuallyDrop::new(resolved);
    if args.quiet {
        return Ok(String::new());
    }
    written(format, &pipeline::canonical(&resolved.project)?)
}

fn written(format: Format, config: &impl Serialize) -> Result<String, Failure> {
    match format {
        Format::Yaml => to_yaml(config).map_err(|error| Failure::Bug(error.to_string())),
        Format::Json => json::text(config),
    }
}

impl Skipped {
    fn stages(self) -> impl Iterator<Item = Stage> {
        // No `..`: a flag without a step would be ignored.
        let Self {
            no_interpolate: _,
            no_normalize,
            no_path_resolution,
            no_consistency,
            no_env_resolution,
        } = self;
        let stages = [
            (no_normalize, Stage::Normalisation),
            (no_path_resolution, Stage::Paths),
            (no_consistency, Stage::Consistency),
            (no_env_resolution, Stage::EnvFiles),
        ];
        let stages = stages.into_iter();
        stages.filter_map(|(is_skipped, stage)| is_skipped.then_some(stage))
    }
}
