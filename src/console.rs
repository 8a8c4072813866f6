//! The two streams: data goes to standard output, talk to standard error.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};

use clap::builder::styling::{AnsiColor, Style};

use crate::cli::ColorChoice;
use crate::exit::Failure;

/// What is behind the streams.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    /// How standard output is coloured.
    pub(crate) stdout: Paint,
    /// How standard error is coloured.
    pub(crate) stderr: Paint,
}

/// Whether a stream takes colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Text as it is.
    Plain,
    /// Text with ANSI colours.
    Colored,
}

impl Console {
    /// Looks at both streams.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        Self {
            stdout: paint(choice, io::stdout().is_terminal()),
            stderr: paint(choice, io::stderr().is_terminal()),
        }
    }

    /// Streams without colours, for when nothing is known about them.
    pub(crate) fn plain() -> Self {
        Self {
            stdout: Paint::Plain,
            stderr: Paint::Plain,
        }
    }

    /// Writes data.
    ///
    /// A reader that has had enough, such as `head`, is no failure.
    ///
    /// # Errors
    ///
    /// [`Failure::Failed`] when the stream takes no more for another reason.
    pub(crate) fn data(self, text: &str) -> Result<(), Failure> {
        self.pieces([text])
    }

    /// Writes data that comes in pieces.
    ///
    /// # Errors
    ///
    /// As [`Console::data`].
    #[expect(
        clippy::unused_self,
        reason = "whoever writes has looked at the streams"
    )]
    pub(crate) fn pieces<'text>(
        self,
        texts: impl IntoIterator<Item = &'text str>,
    ) -> Result<(), Failure> {
        // Not by lines, as standard output is buffered: a rendering has thousands.
        let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let written = texts
            .into_iter()
            .try_for_each(|text| stdout.write_all(text.as_bytes()))
            .and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let reason = reason(&error);
                Err(Failure::Failed(format!(
                    "cannot write the output: {reason}"
                )))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Says something to the people at the console. Whether they hear it changes nothing.
    #[expect(
        clippy::unused_self,
        reason = "whoever writes has looked at the streams"
    )]
    pub(crate) fn say(self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says that something failed.
    pub(crate) fn error(self, message: &str) {
        self.say(&format!("{}: {message}\n", self.stderr.bad("error")));
    }
}

impl Paint {
    /// Words nobody may overlook.
    pub(crate) fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// Words worth a look.
    pub(crate) fn doubtful(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Words that calm.
    pub(crate) fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// Headings.
    pub(crate) fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Words most readers skip.
    pub(crate) fn quiet(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// Words in a colour of their own for each name, always the same for the same name.
    pub(crate) fn named(self, name: &str, text: &str) -> String {
        let colors = [
            AnsiColor::Cyan,
            AnsiColor::Yellow,
            AnsiColor::Green,
            AnsiColor::Magenta,
            AnsiColor::Blue,
        ];
        let sum = name.bytes().map(usize::from).sum::<usize>();
        let color = colors.get(sum % colors.len()).copied();
        self.with(color.unwrap_or(AnsiColor::Cyan).on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colored => format!("{style}{text}{style:#}"),
        }
    }
}

/// What the system says went wrong, without the number it has for it.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// How many columns standard output has: those of the terminal, or a fixed number elsewhere, so
/// that the same input gives the same text.
pub(crate) fn width() -> u16 {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    let columns = size.map_or(0, |size| size.ws_col);
    if columns == 0 { 120 } else { columns.max(60) }
}

fn paint(choice: ColorChoice, is_terminal: bool) -> Paint {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    match choice {
        ColorChoice::Always => Paint::Colored,
        ColorChoice::Auto if is_terminal && !is_dumb && !is_set("NO_COLOR") => Paint::Colored,
        ColorChoice::Auto | ColorChoice::Never => Paint::Plain,
    }
}
