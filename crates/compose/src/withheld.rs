//! What variables gave is not repeated in diagnostics: it may be a password.

use tranship_yaml::Diagnostic;

/// A text before and after its variables were replaced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replaced<'t> {
    /// As it stands in the file.
    pub(crate) template: &'t str,
    /// What it became.
    pub(crate) value: &'t str,
}

impl Replaced<'_> {
    /// Writes what stands in the file wherever the diagnostic quotes what it became, or a part.
    pub(crate) fn withhold_from(self, diagnostic: &mut Diagnostic) {
        let labels = diagnostic.labels.iter_mut().map(|label| &mut label.text);
        let texts = std::iter::once(&mut diagnostic.message)
            .chain(labels)
            .chain(&mut diagnostic.help);
        for text in texts {
            *text = self.withheld(text);
        }
    }

    fn withheld(self, text: &str) -> String {
        let Self { template, value } = self;
        // A value with a backtick in it would be taken for several quotes.
        let text = text.replace(&format!("`{value}`"), &format!("`{template}`"));
        let pieces = text.split('`').enumerate();
        let pieces = pieces.map(|(index, piece)| {
            let is_quoted = index % 2 == 1;
            if is_quoted && self.tells(piece) {
                template
            } else {
                piece
            }
        });
        pieces.collect::<Vec<_>>().join("`")
    }

    /// Whether a quote is of the value, and not of what everybody sees in the file.
    fn tells(self, quote: &str) -> bool {
        let quote = quote.trim_end_matches(':');
        let is_of_value = || quote.split('…').all(|part| self.value.contains(part));
        !quote.is_empty() && !self.template.contains(quote) && is_of_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld(text: &str) -> String {
        let replaced = Replaced {
            template: "${HOST}:80",
            value: "hun`ter:2:80",
        };
        replaced.withheld(text)
    }

    #[test]
    fn quotes_of_the_value_and_of_its_parts_are_replaced() {
        assert_eq!(
            withheld("`hun`ter:2:80` is no port"),
            "`${HOST}:80` is no port"
        );
        assert_eq!(withheld("`ter:2` is no port"), "`${HOST}:80` is no port");
        assert_eq!(withheld("add `ter:`"), "add `${HOST}:80`");
        assert_eq!(withheld("`hun…2:80` is no port"), "`${HOST}:80` is no port");
    }

    #[test]
    fn what_stands_in_the_file_is_kept() {
        let text = "`services.web.ports[0]`: `80` is no `number`";
        assert_eq!(withheld(text), text);
    }
}
