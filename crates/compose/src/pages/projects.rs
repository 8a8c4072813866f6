//! The project as a whole.

use tranship_yaml::Page;

use super::page;
use crate::project::codes;

pub(super) const PAGES: &[Page] = &[
    page(
        codes::NO_IMAGE,
        "A service with nothing to run",
        "Every service needs an `image`, a `build` or a `provider`. An override file alone often \
has neither, and is meant to be given after the main file: `-f compose.yaml -f override.yaml`.

Add `image:`, or give the file that has it first.",
    ),
    page(
        codes::UNDEFINED,
        "Something is named that is not declared",
        "Networks, named volumes, secrets, configs and models a service uses must be declared at \
the top level, and services it depends on must exist. Services taken over by `extends` bring none \
of these with them.

```yaml
services:
  web:
    volumes: [\"data:/data\"]
volumes:
  data:
```

Declare it, or correct the name. With `--lenient` undeclared volumes are declared silently.",
    ),
    page(
        codes::DISABLED,
        "A dependency none of whose profiles is active",
        "The service depends on one that has `profiles`, none of which is active, so it does not \
take part.

Activate a profile with `--profile` or `COMPOSE_PROFILES`, give both services the same profiles, \
or say `required: false` in `depends_on`.",
    ),
    page(
        codes::EXCLUSIVE_KEYS,
        "Keys that exclude each other",
        "Two keys say different things about the same matter, such as `network_mode` and \
`networks`, `dockerfile` and `dockerfile_inline`, or `count` and `device_ids`.

Keep the one that is meant. When they come from different files, take the other one out with \
`!reset`.",
    ),
    page(
        codes::CONFLICT,
        "Two values that contradict each other",
        "A value can be said in two places, and here they differ: `scale` and `deploy.replicas`, \
or `mem_limit` and `deploy.resources.limits.memory`.

Give it once. `deploy` is the place all orchestrators know.",
    ),
    page(
        codes::NAME_TAKEN,
        "One name for two things",
        "A service and a job, or two containers, would have the same name, and could not be told \
apart. Services and jobs whose profiles are not active count too.

Rename one of them.",
    ),
    page(
        codes::MOUNTED_TWICE,
        "Two mounts at one place",
        "`volumes`, `tmpfs` and the like put two things at the same path inside the container; \
only one could be seen.

Give one of them another target, or remove it. When they come from different files, volumes with \
the same target replace each other, but `tmpfs` and `volumes` do not.",
    ),
    page(
        codes::DEPENDENCY_CYCLE,
        "Services that wait for each other",
        "Through `depends_on`, `links`, `volumes_from` or a shared namespace (`network_mode: \
service:x`) each of these services waits for the next one, and the last for the first, so none \
can start.

Remove one of the dependencies; a service that merely talks to another should try again until it \
answers.",
    ),
    page(
        codes::NO_CONTENT,
        "A config or secret without content",
        "A config has one of `file`, `environment` and `content`, a secret one of `file` and \
`environment`, unless it is `external`.

Add the one that is meant, or say `external: true` when it exists already.",
    ),
    page(
        codes::SECRET_DRIVER,
        "A secret docker compose refuses and Swarm takes",
        "A secret whose content comes from a `driver` alone can be deployed to Swarm, while docker \
compose refuses it.

Nothing needs to be done for Swarm. For the other targets give the secret a `file` or an \
`environment`.",
    ),
    page(
        codes::FILE,
        "A file of variables or labels cannot be read",
        "A file named by `env_file` or `label_file` of a service does not exist, may not be read, \
or has a statement that is not `NAME=value`. Paths start from the project's directory.

Create the file (`cp .env.example .env` is a common step), or make it optional:

```yaml
env_file:
  - path: local.env
    required: false
```",
    ),
    page(
        codes::EMPTY_SOURCE,
        "A mount whose source is empty",
        "A part before or between colons is empty, as in `:/data`. Most often a variable is not \
set: `${DATA_DIR}:/data` becomes `:/data`.

Set the variable, or give it a default: `${DATA_DIR:-./data}:/data`. To mount an anonymous volume, \
write the path alone.",
    ),
];
