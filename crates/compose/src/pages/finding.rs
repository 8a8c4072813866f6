//! Finding and reading the files of a project.

use tranship_yaml::Page;

use super::page;
use crate::codes;

pub(super) const PAGES: &[Page] = &[
    page(
        codes::NO_FILE,
        "No compose file was found",
        "Without `-f` and `COMPOSE_FILE`, the file is looked for in the current directory and in \
every directory above it, under the names `compose.yaml`, `compose.yml`, `docker-compose.yml` and \
`docker-compose.yaml`.

Go to the project's directory, or name the file: `-f path/to/compose.yaml`.",
    ),
    page(
        codes::SEVERAL_FILES,
        "Several files could be the compose file",
        "The directory has more than one file under a default name. The first of `compose.yaml`, \
`compose.yml`, `docker-compose.yml`, `docker-compose.yaml` is used and the others are not read; \
the same holds for override files, of which `.yml` comes before `.yaml`.

Remove the files that are not meant, or choose with `-f`.",
    ),
    page(
        codes::FILE_UNREADABLE,
        "A compose file cannot be read",
        "A file named with `-f`, by `include` or by `extends` does not exist, is a directory, is \
too large or may not be read. Paths in `include` and `extends` start from the directory of the \
project they stand in.

Correct the path or the permissions. The other files are read in spite of it, but what would have \
come from this one is not looked for.",
    ),
    page(
        codes::REMOTE_FILE,
        "A file would have to be fetched",
        "`include`, `extends` and `-f` can name files by git, OCI or HTTP in docker compose. Here \
nothing is fetched: what a rendering is made of should lie in front of whoever reads it, and a \
fetched file can change or reach beyond its directory.

Fetch the file once, keep it beside the project and name its path:

```yaml
include:
  - vendor/monitoring/compose.yaml
```",
    ),
    page(
        codes::TOO_MUCH,
        "The project has too many or too large files",
        "All files of a project together, with those included and extended, may be 256 in number \
and 32 MiB in size. Real projects stay far below; a chain of includes that grows without end does \
not.

Look for an include that leads to more and more files, or split the project.",
    ),
    page(
        codes::BAD_VARIABLE,
        "A `COMPOSE_` variable has a value it cannot have",
        "`COMPOSE_FILE` lists compose files, separated by `:` or by what `COMPOSE_PATH_SEPARATOR` \
says; each must be a file. `COMPOSE_DISABLE_ENV_FILE` must be `true` or `false`.

These variables can come from the environment and, but for the last one, from `.env`. Correct the \
one the message names.",
    ),
    page(
        codes::PROJECT_NAME,
        "The project's name is not a legal one",
        "A project name has lower-case letters, digits, `-` and `_`, and begins with a letter or \
digit. It comes from `-p`, from `COMPOSE_PROJECT_NAME`, from `name:` in the last file that has it, \
or from the directory. Names from files and directories are made legal silently: `My App!` \
becomes `myapp`; a name that was given must be legal already.

Give a legal name. A directory such as `/` or `...` leaves nothing to make a name of.",
    ),
    page(
        codes::NOT_A_MAPPING,
        "The top level of a file is not a mapping",
        "A compose file is a mapping whose keys are `services`, `networks`, `volumes` and so on:

```yaml
services:
  web:
    image: nginx
```

A list or a text at the top level is some other kind of file. Check the path.",
    ),
    page(
        codes::EMPTY,
        "There is nothing in the files",
        "The files were read and hold nothing: they are empty, or everything in them is a comment. \
A file that consists of `version:` alone counts as empty too.

Define at least one service below `services:`.",
    ),
    page(
        codes::FIRST_LAYOUT,
        "A file in the layout of compose v1",
        "Before 2016 services stood at the top level of `fig.yml` and `docker-compose.yml`. No \
present engine reads that layout; it is read here as if `services:` stood above it.

```yaml
web:              # compose v1
  image: nginx

services:         # today
  web:
    image: nginx
```

Put `services:` above the services and indent them. Links and `volumes_from` mean what they mean \
today.",
    ),
    page(
        codes::VERSION,
        "`version` has no meaning any more",
        "Since the Compose specification of 2020 there is one language, and `version:` is read and \
ignored. Which keys are known does not depend on it.

Remove the line. It stays harmless until then.",
    ),
    page(
        codes::VERSION_TYPE,
        "`version` is not a string",
        "Although it has no meaning any more, `version` must be a string where it stands: \
`version: 3.8` is a number, and `version: \"3.8\"` is a string. The reference loader refuses the \
first.

Remove the line, or put the value in quotes.",
    ),
];
