//! Single values of the merged files.

use tranship_yaml::Page;

use super::page;
use crate::project::codes;

pub(super) const PAGES: &[Page] = &[
    page(
        codes::UNKNOWN_KEY,
        "A key compose does not know",
        "The Compose specification has no such key at this place. Often it is misspelled or \
indented one level too far or too little; the message names the nearest key there is.

```yaml
services:
  web:
    imagee: nginx      # `image`
  volumes:             # one level too far: taken for a service
    data:
```

Keys of your own begin with `x-` and are kept as they are. With `--lenient` unknown keys are \
warnings.",
    ),
    page(
        codes::MISSING_KEY,
        "A key that must be given is not",
        "Some mappings mean nothing without one of their keys: a mount has a `type`, an entry of \
`env_file` a `path`, a watched directory an `action`.

Add the key. A short form, where there is one, needs fewer: `volumes: [\"data:/data\"]`.",
    ),
    page(
        codes::WRONG_TYPE,
        "A value of the wrong type",
        "The place wants a text, a number, a boolean, a list or a mapping, and another of these \
stands there.

```yaml
image: 1.0                # a number: write \"1.0\"
command:                  # nothing: give a value or remove the key
ports: \"80:80\"            # a text: write - \"80:80\"
```

YAML decides what a plain value is; quotes make it a text.",
    ),
    page(
        codes::INVALID_VALUE,
        "A value that cannot be read",
        "The value is of the right type, but does not say what its place needs: a duration such as \
`1m30s`, a size such as `512m`, a port such as `8080:80/tcp`, one of a few words.

The message says what is wrong with it and what can be written. If the value was made of \
variables, look at what they are.",
    ),
    page(
        codes::UNKNOWN_WORD,
        "A word no engine knows",
        "The place takes one of a few words. The reference loader lets any other through, and the \
engine refuses it later, so this is a warning.

Use one of the words the message names.",
    ),
    page(
        codes::TEXT_CHANGES,
        "A value becomes another text than the one written",
        "Where a text is wanted, a number or date is printed the way the reference loader does: \
`2024-01-01` becomes `2024-01-01 00:00:00 +0000 UTC`, `1e6` becomes `1e+06`.

Put the value in quotes to keep it as written.",
    ),
    page(
        codes::COMMAND_CUT,
        "A command is cut at a shell operator",
        "A command given as one text is split into words, and not run by a shell. The reference \
loader stops at `;`, `|`, `&`, `<` and `>` and drops the rest silently: `echo a; b` runs `echo a`.

Run a shell if one is meant: `command: [\"sh\", \"-c\", \"echo a; b\"]`.",
    ),
    page(
        codes::DRIVE_LETTER,
        "A one-letter volume name is read as a drive",
        "In a short mount `v:/x` the part before the colon is one letter, which is taken for a \
drive of Windows: the mount becomes an anonymous volume at the path `v:/x`.

Give the volume a longer name, or use the long form with `source` and `target`.",
    ),
    page(
        codes::MOUNT_OPTION,
        "An option of a mount nobody knows",
        "A short mount may end in options, separated by commas: `ro`, `rw`, `nocopy`, `z`, `Z`, \
and the propagations `shared`, `slave`, `private`, `rshared`, `rslave`, `rprivate`. Others are \
ignored by the reference loader.

Remove the option, or correct its spelling.",
    ),
    page(
        codes::DEPRECATED,
        "A key under its former name",
        "The key still works and has a better form today. `external: {name: x}` is written \
`external: true` and `name: x` beside it.

Change it when convenient; the meaning is the same.",
    ),
    page(
        codes::BAD_NAME,
        "A name with characters no name may have",
        "Names of services, networks, volumes, secrets, configs and models have letters, digits, \
`.`, `_` and `-`. Variables are not replaced in names: `${NAME}:` as a key stays as it is and is \
refused.

Rename it, and everything that refers to it.",
    ),
];
