//! The offline explanation of every diagnostic code of this crate.

use crate::{Code, codes};

/// What a code means, with an example, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// One line that names the problem.
    pub title: &'static str,
    /// The explanation, as Markdown.
    pub text: &'static str,
}

const fn page(code: Code, title: &'static str, text: &'static str) -> Page {
    Page { code, title, text }
}

/// One page for each of [`codes`].
pub const PAGES: &[Page] = &[
    page(
        codes::SYNTAX,
        "The text is not YAML",
        "The reader could not make sense of a line. The message says what it met; the mistake is \
there or on the line above.

```yaml
services:
  web:
    image nginx        # no `:` behind the key
    command: [a, b     # the bracket is never closed
    labels: a: b       # a text with `: ` in it needs quotes
```

The lines that cannot be read are left out together with what is indented below them, and reading \
goes on, so one run shows all such places. Messages about missing keys may come from what was \
left out; mend the syntax first.",
    ),
    page(
        codes::TAB,
        "A tab stands where YAML wants blanks",
        "YAML indents with blanks only, because tabs have a different width in every editor.

```yaml
services:
\tweb:                  # this line begins with a tab
```

Replace the tabs by blanks, two for each level. Inside brackets and texts tabs are allowed.",
    ),
    page(
        codes::NOT_UTF8,
        "The file is not UTF-8",
        "Compose files are UTF-8 text. The message names the first byte that is not; before it \
everything was fine. Often the file was saved as Latin-1 or UTF-16, or is no text at all.

Save it as UTF-8, for example with `iconv -f latin1 -t utf-8 old.yaml > new.yaml`.",
    ),
    page(
        codes::CONTROL_CHARACTER,
        "A control character stands in the text",
        "YAML allows no control characters but tab and line breaks, because they cannot be seen \
and change what terminals show. A NUL is refused in escaped form (`\"\\0\"`) too: neither an \
argument nor an environment variable can hold one.

Remove the character. If a value needs another one, write it as an escape in double quotes:

```yaml
environment:
  COLOUR: \"\\x1B[31m\"
```",
    ),
    page(
        codes::DUPLICATE_KEY,
        "One key stands twice in a mapping",
        "Of two equal keys only one could count, and readers differ on which. Both places are \
shown; the first is used to read on.

```yaml
services:
  web:
    image: nginx
    image: httpd         # again
```

Remove or rename one. To merge several mappings use one list: `<<: [*first, *second]`.",
    ),
    page(
        codes::NON_STRING_KEY,
        "A key is not a string",
        "YAML reads some bare words as numbers, booleans, dates or null, and `{…}` as a mapping. \
Compose allows strings only.

```yaml
labels:
  8080: web              # a number
  true: yes              # a boolean; `yes`, `no`, `on` and `off` are strings here
  {{ name }}: x          # a mapping
```

Put the key in quotes: `\"8080\": web`.",
    ),
    page(
        codes::UNKNOWN_ANCHOR,
        "An alias has no anchor",
        "`*name` repeats the value marked `&name`, which must stand earlier in the same document; \
anchors do not reach into other files.

```yaml
services:
  web:
    environment: *common   # there is no `&common` above
```

Define the anchor first, or put a text that begins with `*` in quotes.",
    ),
    page(
        codes::SELF_REFERENCE,
        "An alias stands inside the value it repeats",
        "The value would contain itself without end.

```yaml
services: &all
  web:
    labels: *all
```

Move the part to repeat into a value of its own, such as `x-common: &common`, and refer to that.",
    ),
    page(
        codes::MERGE_VALUE,
        "A merge key has a value that cannot be merged",
        "`<<` adds the entries of a mapping to the one it stands in. Its value is a mapping or a \
list of mappings, usually aliases. Lists and texts cannot be merged into a mapping.

```yaml
services:
  web:
    volumes: &volumes
      - a:/a
  worker:
    volumes:
      <<: *volumes        # a list; write `volumes: *volumes`
```

Keys of the mapping itself win over merged ones, and of several merged mappings the first wins. \
Values are not merged into each other.",
    ),
    page(
        codes::WRONG_TAG,
        "A value does not fit its tag",
        "A tag such as `!!int` says what a value is, and the value is something else.

```yaml
replicas: !!int many
```

Mend the value or remove the tag. `!!binary` is not supported.",
    ),
    page(
        codes::FILE_TOO_LARGE,
        "The file is larger than the limit",
        "Compose files are small; a file of many megabytes is usually the wrong one, such as a \
log or a dump. It was not read.

Check the path. If the file is right, split it or raise the limit.",
    ),
    page(
        codes::TOO_MANY_NODES,
        "The file holds more values than the limit",
        "Scalars, lists and mappings are counted after every alias was replaced by what it \
repeats, because a few hundred bytes of nested aliases can stand for billions of values.

Use fewer nested aliases, split the file, or raise the limit.",
    ),
    page(
        codes::TOO_DEEP,
        "Lists and mappings are nested too deep",
        "No compose file comes near this depth. Often brackets were opened and never closed, or \
the file was generated by mistake.",
    ),
    page(
        codes::TOO_MANY_BYTES,
        "The texts of the file are larger than the limit",
        "The bytes of all texts are counted after every alias was replaced by what it repeats.

Use fewer aliases of long texts, split the file, or raise the limit.",
    ),
    page(
        codes::TOO_MANY_PROBLEMS,
        "Reading ended because of too many problems",
        "So many problems were found that the rest would hardly help. The rest of the file was \
not read. Mend those above and run again; often one mistake causes many.",
    ),
    page(
        codes::SEVERAL_DOCUMENTS,
        "The file has several documents",
        "A line `---` begins a new document. Only one is expected here.

Remove the line, or put each document into a file of its own and give them one after the other.",
    ),
];

#[cfg(test)]
mod tests {
    use super::PAGES;

    const CODES: &str = include_str!("codes.rs");

    #[test]
    fn every_code_has_exactly_one_page() {
        let names: Vec<&str> = CODES
            .lines()
            .filter_map(|line| line.split_once("Code(\"")?.1.split('"').next())
            .collect();
        assert!(names.len() > 10, "the codes were not found in their file");
        for name in &names {
            let pages = PAGES.iter().filter(|page| page.code.0 == *name).count();
            assert_eq!(pages, 1, "{name}");
        }
        assert_eq!(PAGES.len(), names.len());
    }

    #[test]
    fn every_page_says_enough_to_act_on() {
        for page in PAGES {
            assert!(
                !page.title.is_empty() && !page.title.ends_with('.'),
                "{}",
                page.code.0
            );
            assert!(page.text.len() > 100, "{}", page.code.0);
        }
    }
}
