//! `tranship convert`.

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use tranship_backend::File;
use tranship_compare::Counts;
use tranship_model::Ledger;

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::{Overwrite, write_directory};
use crate::pipeline::{self, Ready, Translated};
use crate::targets::{self, TargetArgs, TargetName};
use crate::view::human;

/// What `convert` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct ConvertArgs {
    /// The target: kubernetes, swarm, ecs or ecs:ec2
    #[arg(
        short,
        long,
        value_name = "TARGET",
        env = "TRANSHIP_TO",
        hide_env = true
    )]
    to: TargetName,
    /// Write all files into this directory, or none when one cannot be written
    ///
    /// Files an earlier run wrote there are replaced, those of others are kept.
    #[arg(
        short,
        long,
        value_name = "DIR",
        env = "TRANSHIP_OUTPUT",
        hide_env = true
    )]
    output: Option<PathBuf>,
    /// Overwrite files in the directory that tranship did not write
    #[arg(long, requires = "output", env = "TRANSHIP_FORCE", hide_env = true)]
    #[arg(value_parser = clap::builder::FalseyValueParser::new())]
    #[arg(action = clap::ArgAction::SetTrue)]
    force: bool,
    /// Say nothing but errors
    #[arg(short, long, env = "TRANSHIP_QUIET", hide_env = true)]
    #[arg(value_parser = clap::builder::FalseyValueParser::new())]
    #[arg(action = clap::ArgAction::SetTrue)]
    quiet: bool,
    #[command(flatten)]
    choices: TargetArgs,
}

/// Converts a project.
///
/// # Errors
///
/// [`Failure::InvalidInput`] when it has errors, [`Failure::Failed`] when the files cannot be
/// written.
pub(crate) fn run(
    args: &ConvertArgs,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let mut ready = pipeline::ready(global, console)?;
    ready.forget_project();
    let translated = ready.translate_or_show(&[args.to], &args.choices, console)?;
    for translated in &translated {
        let Translated {
            backend,
            translation,
            name: _,
            target: _,
        } = translated;
        let files = backend.render(&ready.lowered.stack, translation);
        let mut files = files.map_err(|error| Failure::Bug(error.to_string()))?;
        if args.output.is_some() {
            files.extend(backend.companions(&ready.lowered.stack, translation));
        }
        write(args, &files, console)?;
        if !args.quiet {
            console.say(&summary(&ready, translated));
        }
        // The process ends here: taking a thousand objects apart is work for nobody.
        std::mem::forget(files);
    }
    std::mem::forget((ready, translated));
    Ok(())
}

fn write(args: &ConvertArgs, files: &[File], console: Console) -> Result<(), Failure> {
    let Some(directory) = &args.output else {
        return console.data(&joined(files));
    };
    let overwrite = if args.force {
        Overwrite::ForeignFiles
    } else {
        Overwrite::OwnFiles
    };
    write_directory(directory, files, overwrite)
}

/// The rendering as one text: its files as documents of one stream.
fn joined(files: &[File]) -> Cow<'_, str> {
    if let [file] = files
        && file.content.ends_with('\n')
    {
        return Cow::Borrowed(&file.content);
    }
    let mut text = String::with_capacity(files.iter().map(|file| file.content.len() + 4).sum());
    for file in files {
        if !text.is_empty() && !file.content.starts_with("---") {
            text.push_str("---\n");
        }
        text.push_str(&file.content);
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    Cow::Owned(text)
}

/// How much of the project the rendering carries, in a line.
fn summary(ready: &Ready, translated: &Translated) -> String {
    let ledgers = [&ready.lowered.ledger, &translated.translation.ledger];
    let entries = ledgers.into_iter().flat_map(Ledger::entries);
    let counts: Counts = entries
        .map(|entry| (entry.outcome, entry.implicit))
        .collect();
    let (name, title) = (translated.name, targets::title(&translated.target));
    let counts = human::counts(counts);
    format!("{title}: {counts}; `tranship check --to {name}` says which.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_joined_with_marks_between_them() {
        let file = |content: &str| File {
            path: "a".to_owned(),
            content: content.to_owned(),
        };
        let files = [file("a: 1\n"), file("---\nb: 1"), file("c: 1\n")];
        assert_eq!(joined(&files), "a: 1\n---\nb: 1\n---\nc: 1\n");
    }
}
