//! `tranship config`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ValueEnum};
use serde_json::Value;
use tranship_backend::to_yaml;
use tranship_compose::project::Project;

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::escape;
use crate::exit::Failure;
use crate::output::write_file;
use crate::pipeline::{self, Ready};
use crate::view::json;

/// What `config` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConfigArgs {
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "yaml", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    lists: Lists,
    /// Leave variables as they are written; the project is merged, but not checked
    #[arg(long, env = "TRANSHIP_NO_INTERPOLATE", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_interpolate: bool,
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
}

/// Lists that can be printed instead of the project.
#[derive(Args, Clone, Copy, Debug)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "options of docker compose, one flag each"
)]
struct Lists {
    /// Print the names of the services
    #[arg(long, id = "list-services")]
    services: bool,
    /// Print the names of the networks
    #[arg(long, id = "list-networks")]
    networks: bool,
    /// Print the names of the volumes
    #[arg(long, id = "list-volumes")]
    volumes: bool,
    /// Print the names of the models
    #[arg(long, id = "list-models")]
    models: bool,
    /// Print the images
    #[arg(long, id = "list-images")]
    images: bool,
    /// Print the profiles
    #[arg(long, id = "list-profiles")]
    profiles: bool,
    /// Print the variables the files see
    #[arg(long, id = "list-environment")]
    environment: bool,
}

/// Forms of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// Prints a project.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, [`Failure::Failed`] when the output cannot be
/// written.
pub(crate) fn run(args: &ConfigArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let text = if args.no_interpolate {
        written(args.format, &pipeline::tree(global, console)?)?
    } else {
        let ready = pipeline::ready(global, console)?;
        let config = ready.config()?;
        match args.lists.of(&ready, &config) {
            Some(list) => lines(&list),
            None => written(args.format, &config)?,
        }
    };
    match &args.output {
        _ if args.quiet => Ok(()),
        Some(path) => write_file(path, &text),
        None => console.data(&text),
    }
}

fn written(format: Format, config: &Value) -> Result<String, Failure> {
    match format {
        Format::Yaml => to_yaml(config).map_err(|error| Failure::Bug(error.to_string())),
        Format::Json => json::text(config),
    }
}

fn lines(list: &[String]) -> String {
    let lines = list.iter().map(|line| format!("{}\n", escape::line(line)));
    lines.collect()
}

impl Lists {
    /// The list that was asked for, if one was.
    fn of(self, ready: &Ready, config: &Value) -> Option<Vec<String>> {
        // No `..`: a flag without a list would be ignored.
        let Self {
            services,
            networks,
            volumes,
            models,
            images,
            profiles,
            environment,
        } = self;
        if services {
            Some(names(config, "services"))
        } else if networks {
            Some(names(config, "networks"))
        } else if volumes {
            Some(names(config, "volumes"))
        } else if models {
            Some(names(config, "models"))
        } else if images {
            Some(all_images(config))
        } else if profiles {
            Some(all_profiles(&ready.project))
        } else {
            environment.then(|| variables(ready))
        }
    }
}

fn entries<'config>(
    config: &'config Value,
    section: &str,
) -> impl Iterator<Item = (&'config String, &'config Value)> {
    config
        .get(section)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn names(config: &Value, section: &str) -> Vec<String> {
    entries(config, section)
        .map(|(name, _)| name.clone())
        .collect()
}

/// The image of each service; the one docker compose gives to its build when it names none.
fn all_images(config: &Value) -> Vec<String> {
    let project = config
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let image = |(name, service): (&String, &Value)| {
        let image = service.get("image").and_then(Value::as_str);
        image.map_or_else(|| format!("{project}-{name}"), str::to_owned)
    };
    entries(config, "services").map(image).collect()
}

/// The profiles of all services, active or not.
fn all_profiles(project: &Project) -> Vec<String> {
    let services = project
        .services
        .values()
        .chain(project.disabled_services.values());
    let profiles: BTreeSet<&String> = services.flat_map(|service| &service.profiles).collect();
    profiles.into_iter().cloned().collect()
}

fn variables(ready: &Ready) -> Vec<String> {
    let variables = ready.reading.environment.iter();
    let mut lines: Vec<String> = variables
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    lines.sort();
    lines
}
