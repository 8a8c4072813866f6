//! Several files in one project.

use tranship_yaml::Page;

use super::page;
use crate::codes;

pub(super) const PAGES: &[Page] = &[
    page(
        codes::MERGE_CLASH,
        "Two files give an attribute in forms that do not merge",
        "A later file, or a service that extends another, gives the attribute in another form: a \
list where a mapping is, or the other way round. The message shows both places.

```yaml
ports: [\"80:80\"]      # first file
ports: {web: 80}      # second file: not a list
```

Write both the same way. To replace the earlier value instead of merging, tag the later one: \
`ports: !override [\"81:80\"]`.",
    ),
    page(
        codes::RESET_IN_LIST,
        "`!reset` or `!override` on an item of a list",
        "The tags take out what earlier files said at the same path. Items of a list have no path \
of their own, so a tag on one of them takes nothing out; `!reset` merely leaves the item out of \
the list it stands in. The reference loader does the same without a word.

Tag the whole list and give the items that shall remain:

```yaml
ports: !override
  - \"81:80\"
```",
    ),
    page(
        codes::INCLUDE_FORM,
        "An `include` in a form nobody knows",
        "`include` is a list. Each entry is a path, or a mapping with `path` (one or a list of \
files laid over each other), `project_directory` and `env_file`:

```yaml
include:
  - monitoring/compose.yaml
  - path: [base.yaml, local.yaml]
    env_file: local.env
```",
    ),
    page(
        codes::INCLUDE_CYCLE,
        "Files include each other in a circle",
        "A file includes another which, directly or through more files, includes the first again. \
The message names the whole chain and shows every entry that is part of it.

Remove one of the entries. What both sides need can move to a file both include: one file may be \
included on several ways.",
    ),
    page(
        codes::INCLUDE_DEPTH,
        "Files include each other too deep",
        "Files may include each other 32 deep. No real project is known that comes near; a \
generated chain does.

Include the inner files from one place instead of from each other.",
    ),
    page(
        codes::EXTENDS_FORM,
        "An `extends` in a form nobody knows",
        "`extends` is the name of a service of the same file, or a mapping with `service` and, for \
a service of another file, `file`:

```yaml
services:
  web:
    extends:
      file: common.yaml
      service: base
```",
    ),
    page(
        codes::EXTENDS_MISSING,
        "The extended service does not exist",
        "The file that is named, or this one, has no service of that name. With `file` the service \
is looked for in that file alone, not in what it includes; without it, in this file and what it \
includes.

Correct the name or the file. Of the service that extends it only its own attributes are read.",
    ),
    page(
        codes::EXTENDS_CYCLE,
        "Services extend each other in a circle",
        "A service extends another which, directly or through more services, extends the first \
again. The message names every step with its file.

Remove one of the `extends`. What the services share can move to a service all of them extend.",
    ),
    page(
        codes::EXTENDS_DEPTH,
        "Services extend each other too deep",
        "Services may extend each other 32 deep. No real project is known that comes near; a \
generated chain does.

Extend a service nearer to the one at the end.",
    ),
];
