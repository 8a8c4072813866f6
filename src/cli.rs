//! The arguments.

use clap::builder::FalseyValueParser;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, ValueEnum};

use crate::commands::Command;

/// One compose file, any orchestrator: see what survives the move
///
/// tranship reads a compose file as docker compose does, writes what it becomes on Kubernetes,
/// Docker Swarm and Amazon ECS, and says for every value what became of it.
#[derive(Clone, Debug, Parser)]
#[command(version, max_term_width = 100, next_help_heading = "Global options")]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 invalid input, 4 denied or \
    unauthenticated, 5 target unreachable, 6 conflict, locked or stale plan, 7 rollout failed, \
    8 rolled back, 9 changes pending (--detailed-exitcode), 10 denied by --deny, 70 a bug, \
    124 timed out, 130 and 143 interrupted.\nOptions that take a value can be set in the environment too: --env-file is TRANSHIP_ENV_FILE."
)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes, before or after its name.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Read this compose file; repeat to merge several, `-` is standard input
    #[arg(short = 'f', long = "file", value_name = "FILE", env = "TRANSHIP_FILE")]
    #[arg(hide_env = true)]
    pub(crate) files: Vec<String>,
    /// Name the project
    #[arg(
        short,
        long,
        value_name = "NAME",
        env = "TRANSHIP_PROJECT_NAME",
        hide_env = true
    )]
    pub(crate) project_name: Option<String>,
    /// Include services of this profile; repeat for several, `*` is every profile
    #[arg(
        long = "profile",
        value_name = "NAME",
        env = "TRANSHIP_PROFILE",
        hide_env = true
    )]
    pub(crate) profiles: Vec<String>,
    /// Read variables from this file instead of `.env`; repeat for several
    #[arg(
        long = "env-file",
        value_name = "FILE",
        env = "TRANSHIP_ENV_FILE",
        hide_env = true
    )]
    pub(crate) env_files: Vec<String>,
    /// Start relative paths from this directory instead of that of the first file
    #[arg(
        long,
        value_name = "DIR",
        env = "TRANSHIP_PROJECT_DIRECTORY",
        hide_env = true
    )]
    pub(crate) project_directory: Option<String>,
    /// Forgive what platforms write around the specification
    #[arg(long, env = "TRANSHIP_LENIENT", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub(crate) lenient: bool,
    /// Allow inputs this many times larger than the limits, 1 to 64
    #[arg(
        long,
        value_name = "FACTOR",
        env = "TRANSHIP_RAISE_LIMITS",
        hide_env = true
    )]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) raise_limits: Option<u8>,
    /// Color the output: auto, always or never
    #[arg(long, value_name = "WHEN", env = "TRANSHIP_COLOR", hide_env = true)]
    #[arg(hide_possible_values = true)]
    color: Option<ColorChoice>,
    /// Do not color the output
    #[arg(long, env = "TRANSHIP_NO_COLOR", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_color: bool,
}

/// When to color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the arguments ask for.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    /// What every command takes.
    pub(crate) global: GlobalArgs,
    /// The command and what it takes.
    pub(crate) command: Command,
}

/// Reads the arguments of the process; ends it when they are wrong or ask for help.
pub(crate) fn parse() -> Invocation {
    let matches = command().get_matches();
    Invocation::read(&matches).unwrap_or_else(|error| error.exit())
}

/// The whole command line, with the global options before and after each command's name.
///
/// They are arguments of their own on both sides, not clap's global ones: of `-f a convert -f b`
/// those would keep `b` only.
pub(crate) fn command() -> clap::Command {
    let globals = GlobalArgs::augment_args(clap::Command::new("global"));
    let globals: Vec<clap::Arg> = globals
        .get_arguments()
        .map(|argument| argument.clone().env(clap::builder::Resettable::Reset))
        .collect();
    let cli = Cli::command().mut_subcommands(|command| command.args(globals.clone()));
    // As with docker compose, `-f` behind `logs` means to follow.
    cli.mut_subcommand("logs", |logs| {
        logs.mut_arg("files", |files| {
            files.short(clap::builder::Resettable::Reset)
        })
        .mut_arg("follow", |follow| follow.short('f'))
    })
}

impl Invocation {
    fn read(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut global = GlobalArgs::from_arg_matches(matches)?;
        global.split_environment(matches);
        if let Some((_, behind)) = matches.subcommand() {
            global.add(GlobalArgs::from_arg_matches(behind)?);
        }
        let command = Command::from_arg_matches(matches)?;
        Ok(Self { global, command })
    }
}

impl GlobalArgs {
    /// When to color.
    pub(crate) fn color(&self) -> ColorChoice {
        if self.no_color {
            return ColorChoice::Never;
        }
        self.color.unwrap_or_default()
    }

    /// A variable has one value, so a list in it is separated by commas.
    fn split_environment(&mut self, matches: &ArgMatches) {
        let lists = [
            ("files", &mut self.files),
            ("profiles", &mut self.profiles),
            ("env_files", &mut self.env_files),
        ];
        for (name, values) in lists {
            if matches.value_source(name) == Some(ValueSource::EnvVariable) {
                let split = values.iter().flat_map(|value| value.split(','));
                *values = split.map(str::to_owned).collect();
            }
        }
    }

    /// Adds what stands behind the command's name: lists grow, single values win.
    fn add(&mut self, behind: Self) {
        let Self {
            files,
            project_name,
            profiles,
            env_files,
            project_directory,
            lenient,
            raise_limits,
            color,
            no_color,
        } = behind;
        self.files.extend(files);
        self.profiles.extend(profiles);
        self.env_files.extend(env_files);
        self.project_name = project_name.or(self.project_name.take());
        self.project_directory = project_directory.or(self.project_directory.take());
        self.lenient |= lenient;
        self.raise_limits = raise_limits.or(self.raise_limits);
        self.color = color.or(self.color);
        self.no_color |= no_color;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn global(arguments: &[&str]) -> GlobalArgs {
        let matches = command().try_get_matches_from(arguments).unwrap();
        Invocation::read(&matches).unwrap().global
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn global_options_hold_before_and_behind_the_command() {
        let both = [
            "tranship", "-f", "a.yaml", "-p", "one", "config", "-f", "b.yaml", "-p", "two",
        ];
        let global = global(&both);
        assert_eq!(global.files, ["a.yaml", "b.yaml"]);
        assert_eq!(global.project_name.as_deref(), Some("two"));
    }
}
