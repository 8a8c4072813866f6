//! Variables, and the texts they are used in.

use tranship_yaml::Page;

use super::page;
use crate::codes;

pub(super) const PAGES: &[Page] = &[
    page(
        codes::ENV_FILE,
        "A file of variables cannot be read",
        "A file named with `--env-file`, by `COMPOSE_ENV_FILES` or by `env_file` of an `include` \
does not exist or may not be read. Only the default `.env` may be missing.

Create the file, correct the path, or leave it out. Projects often carry a template: \
`cp .env.example .env`.",
    ),
    page(
        codes::ENV_FILE_SYNTAX,
        "A statement in a file of variables cannot be read",
        "Each statement is `NAME=value`, `NAME: value`, `export NAME=value`, or `NAME` alone to \
take the value from outside. Values in double quotes know escapes such as `\\n` and variables, \
those in single quotes neither.

```sh
MY KEY=1             # a name has no blank
GREETING=\"hello      # the quote is never closed
PASSWORD='a $ b # c' # fine: single quotes keep everything
```

Statements above the one the message shows were read, those below were not.",
    ),
    page(
        codes::UNSET_VARIABLE,
        "A variable is not set",
        "The value uses `$NAME` or `${NAME}`, and neither the environment nor any file of variables \
sets `NAME`. A blank string stands in for it, which often leaves half a value: `:/data` where a \
volume should be, or an image without a tag.

Set the variable, or say what should stand in for it:

```yaml
image: app:${TAG:-latest}      # a default
image: app:${TAG:?set a tag}   # refuse to go on without it
command: echo $$HOME           # a dollar meant literally
```",
    ),
    page(
        codes::REQUIRED_VARIABLE,
        "A variable that must have a value has none",
        "The file says `${NAME:?reason}`, which refuses to go on when `NAME` is unset or empty, or \
`${NAME?reason}`, when it is unset. The reason is what its author wants you to know.

Set the variable in the environment, in `.env` or in a file named with `--env-file`. A later \
compose file that replaces the value does not help: variables are replaced before files are \
merged.",
    ),
    page(
        codes::TEMPLATE,
        "A variable expression is malformed",
        "After `${` a name must follow, of letters, digits and `_`, not beginning with a digit, \
then `}` or one of the operators `:-` `-` `:+` `+` `:?` `?` with a text that ends on the same line.

```yaml
command: echo ${}          # no name
image: ${IMAGE/x/y}        # the shell's other operators are not known
image: ${A.B}              # no dots in names
command: echo $${literal}  # fine: a dollar meant literally
```",
    ),
    page(
        codes::TEMPLATE_BUDGET,
        "Variables are nested too deep or their values are too long",
        "Defaults may stand inside each other 16 deep, and the values of variables may make one \
text longer by 1 MiB. Beyond that no real file is known, only files made to exhaust a machine.

Give the inner defaults as variables of their own, or pass long content as a config or a file.",
    ),
    page(
        codes::CAST,
        "A text does not hold the type its place wants",
        "Some attributes are numbers or booleans, and a text there, also one made of variables, is \
turned into one. This one cannot be.

```yaml
scale: ${REPLICAS}         # empty when REPLICAS is not set
read_only: ${RO:-maybe}    # neither true nor false
```

Correct the value, or set the variable it came from; the message names the template. Whole \
numbers are decimal and have no unit.",
    ),
    page(
        codes::BOOLEAN_SPELLING,
        "A boolean in a spelling YAML 1.2 does not know",
        "`yes`, `no`, `on`, `off`, `y` and `n` were booleans in YAML 1.1. Today they are texts, and \
are taken for booleans only where nothing else makes sense.

Write `true` or `false`, so that every reader agrees.",
    ),
];
