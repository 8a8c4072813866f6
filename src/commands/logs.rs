//! `tranship logs`.

use std::borrow::Cow;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args};
use tokio::sync::mpsc;
use tranship_backend::deploy::{LogLine, LogQuery};

use super::run_args::{Format, duration};
use crate::cli::GlobalArgs;
use crate::console::{Console, Paint};
use crate::deploy::{self, DestinationArgs};
use crate::escape;
use crate::exit::Failure;

/// How many lines may wait to be printed.
const LINES: usize = 256;

/// What `logs` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct LogsArgs {
    /// Of these services; of all when none is named
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Go on with what comes
    #[arg(long, env = "TRANSHIP_FOLLOW", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    follow: bool,
    /// Only the last lines of each task
    #[arg(
        short = 'n',
        long,
        value_name = "LINES",
        env = "TRANSHIP_TAIL",
        hide_env = true
    )]
    tail: Option<u64>,
    /// Only what is younger than this
    #[arg(long, value_name = "DURATION", env = "TRANSHIP_SINCE", hide_env = true)]
    #[arg(value_parser = duration)]
    since: Option<Duration>,
    /// Do not put the task's name before each line
    #[arg(long, env = "TRANSHIP_NO_LOG_PREFIX", hide_env = true)]
    #[arg(action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    no_log_prefix: bool,
    /// The form of the output
    #[arg(long, value_name = "FORMAT", env = "TRANSHIP_FORMAT", hide_env = true)]
    #[arg(default_value = "human", hide_default_value = true)]
    format: Format,
    #[command(flatten)]
    destination: DestinationArgs,
}

/// Prints the logs of all tasks, each line with its task's name.
///
/// # Errors
///
/// [`Failure`], with the exit code its reason has.
pub(crate) fn run(args: &LogsArgs, global: &GlobalArgs, console: Console) -> Result<(), Failure> {
    let destination = args.destination.resolve()?;
    let stack = deploy::stack_name(global, console)?;
    let query = LogQuery {
        services: args.services.clone(),
        follow: args.follow,
        tail: args.tail,
        since_seconds: args.since.map(|since| since.as_secs()),
    };
    deploy::runtime()?.block_on(async {
        let target = destination.connect().await?;
        let (sender, receiver) = mpsc::channel(LINES);
        let read = async {
            let read = target.logs(&stack, &query, sender).await;
            read.map_err(|fault| Failure::Run(fault.into()))
        };
        tokio::select! {
            _ = deploy::stop() => Ok(()),
            result = async { tokio::try_join!(read, print(args, receiver, console)) } => {
                result.map(|((), ())| ())
            }
        }
    })
}

async fn print(
    args: &LogsArgs,
    mut lines: mpsc::Receiver<LogLine>,
    console: Console,
) -> Result<(), Failure> {
    while let Some(line) = lines.recv().await {
        console.data(&text(args, &line, console.stdout)?)?;
    }
    Ok(())
}

fn text(args: &LogsArgs, line: &LogLine, paint: Paint) -> Result<String, Failure> {
    if args.format == Format::Json {
        let line = serde_json::to_string(line);
        let line = line.map_err(|error| Failure::Bug(error.to_string()))?;
        return Ok(format!("{}\n", escape::json(line)));
    }
    let text = escape::block(&line.text);
    if args.no_log_prefix {
        return Ok(format!("{text}\n"));
    }
    let name = name(line);
    let task = escape::line(&name);
    Ok(format!(
        "{} {text}\n",
        paint.named(&line.service, &format!("{task} |"))
    ))
}

/// Says of which service a task is, where its own name does not: pods are called after theirs.
fn name(line: &LogLine) -> Cow<'_, str> {
    if line.task.starts_with(&line.service) {
        return Cow::Borrowed(&line.task);
    }
    Cow::Owned(format!("{}.{}", line.service, line.task))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_task_says_its_service() {
        let line = |task: &str| LogLine {
            service: "web".to_owned(),
            task: task.to_owned(),
            time: None,
            text: String::new(),
        };
        assert_eq!(name(&line("web-5d9c7b-x2x4k")), "web-5d9c7b-x2x4k");
        assert_eq!(name(&line("nuenbpzw34n2")), "web.nuenbpzw34n2");
    }
}
