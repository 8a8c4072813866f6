//! `tranship convert`.

use std::path::PathBuf;

use clap::Args;
use tranship_backend::{Conversion, File, RenderError, Translate};
use tranship_compare::Counts;
use tranship_model::{Ledger, Stack};

use crate::cli::GlobalArgs;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::{Overwrite, write_directory};
use crate::pipeline::{self, Ready};
use crate::targets::{self, FormName, TargetArgs, TargetName};
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
    /// The form of the files for Kubernetes: plain, kustomize (a base) or helm (a chart)
    #[arg(long, value_name = "FORM", env = "TRANSHIP_FORM", hide_env = true)]
    #[arg(
        default_value = "plain",
        hide_default_value = true,
        hide_possible_values = true
    )]
    #[arg(requires_ifs = [("kustomize", "output"), ("helm", "output")])]
    form: FormName,
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
/// written, [`Failure::Usage`] when the target has no such form.
pub(crate) fn run(
    args: &ConvertArgs,
    global: &GlobalArgs,
    console: Console,
) -> Result<(), Failure> {
    let backend = args.to.backend_in(args.form, &args.choices)?;
    let mut ready = pipeline::ready(global, console)?;
    ready.forget_project();
    let stack = &ready.lowered.stack;
    let conversion = match &args.output {
        None => backend.convert(stack),
        Some(_) => with_companions(&*backend, stack),
    };
    let conversion = conversion.map_err(|error| Failure::Bug(error.to_string()))?;
    ready.refuse_conflicts(args.to, &conversion.conflicts, console)?;
    write(args, &conversion.files, console)?;
    if !args.quiet {
        let title = targets::title(&backend.target());
        console.say(&summary(args.to, &title, &ready, &conversion.ledger));
    }
    // The process ends here: taking a thousand objects apart is work for nobody.
    std::mem::forget((ready, conversion));
    Ok(())
}

/// The rendering, and the files that go beside it in a directory.
fn with_companions(backend: &dyn Translate, stack: &Stack) -> Result<Conversion, RenderError> {
    let translation = backend.translate(stack);
    let mut files = backend.render(stack, &translation)?;
    files.extend(backend.companions(stack, &translation));
    Ok(Conversion::of(translation, files))
}

fn write(args: &ConvertArgs, files: &[File], console: Console) -> Result<(), Failure> {
    let Some(directory) = &args.output else {
        return console.pieces(stream(files));
    };
    let overwrite = if args.force {
        Overwrite::ForeignFiles
    } else {
        Overwrite::OwnFiles
    };
    write_directory(directory, files, overwrite)
}

/// The rendering as one text, in pieces: its files as documents of one stream.
fn stream(files: &[File]) -> impl Iterator<Item = &str> {
    files.iter().enumerate().flat_map(|(index, file)| {
        let content = file.content.as_str();
        let mark = index > 0 && !content.starts_with("---");
        let end = !content.ends_with('\n');
        let mark = if mark { "---\n" } else { "" };
        [mark, content, if end { "\n" } else { "" }]
    })
}

/// How much of the project the rendering carries, in a line.
fn summary(name: TargetName, title: &str, ready: &Ready, ledger: &Ledger) -> String {
    let ledgers = [&ready.lowered.ledger, ledger];
    let counts: Counts = ledgers.into_iter().flat_map(Ledger::tally).collect();
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
        let text: String = stream(&files).collect();
        assert_eq!(text, "a: 1\n---\nb: 1\n---\nc: 1\n");
    }
}
