//! The offline explanation of every diagnostic code of the typed part.

use tranship_yaml::{Code, Page};

use super::codes;

const fn page(code: Code, title: &'static str, text: &'static str) -> Page {
    Page { code, title, text }
}

/// One page for each of [`codes`].
pub const PAGES: &[Page] = &[
    page(
        codes::UNKNOWN_KEY,
        "Compose does not define this key here",
        "The key is misspelled, indented wrongly, or stands in the wrong mapping.

```yaml
services:
  web:
    imagee: nginx      # `image`
    replicas: 2        # belongs under `deploy:`
```

Keys that begin with `x-` are yours: they are kept nearly everywhere and mean nothing. With \
`--lenient` an unknown key is a warning and is left out.",
    ),
    page(
        codes::MISSING_KEY,
        "A key that must be given is missing",
        "Some mappings mean nothing without one of their keys.

```yaml
services:
  web:
    volumes:
      - target: /data      # `type` is missing
    depends_on:
      db: {}               # `condition` is missing
```

The message names the key.",
    ),
    page(
        codes::WRONG_TYPE,
        "The value has the wrong type",
        "A list stands where a mapping is wanted, a number where a string is wanted, or nothing \
where something is wanted.

```yaml
services:
  web:
    hostname: 12           # a string: \"12\"
    ports: 8080:80         # a list: [\"8080:80\"]
    volumes:               # nothing is given; remove the key
```

YAML takes `12`, `true`, `1.5` and `2024-01-01` for something else than strings; put them in \
quotes where they are strings.",
    ),
    page(
        codes::INVALID_VALUE,
        "The value cannot be read",
        "The type is right and the text is not: a port above 65535, a duration without a unit, a \
size in an unknown unit, a word that is none of the allowed ones.

```yaml
services:
  web:
    ports: [\"99999:80\"]
    stop_grace_period: \"30\"      # 30s
    mem_limit: 512x              # 512m
    depends_on:
      db: {condition: ready}     # service_healthy
```

A value made of a variable that is not set is often empty; the message says so where it can.",
    ),
    page(
        codes::UNKNOWN_WORD,
        "No engine knows this word",
        "docker compose lets any text through here, and the engine refuses it later, or ignores \
it.

```yaml
services:
  web:
    restart: never       # no
    deploy:
      mode: single       # replicated
```

The text is kept as written, and every target says what it makes of it.",
    ),
    page(
        codes::TEXT_CHANGES,
        "The text is not the one you wrote",
        "Where a text is wanted, a date or a number is printed first, and that changes it.

```yaml
services:
  web:
    environment:
      RELEASED: 2024-01-01         # becomes 2024-01-01 00:00:00 +0000 UTC
      LIMIT: 100000000.5           # becomes 1.000000005e+08
```

docker compose does the same. Put the value in quotes to keep it.",
    ),
    page(
        codes::COMMAND_CUT,
        "The rest of the command is cut off",
        "A command written as one string is split into words, and no shell runs it. docker \
compose silently drops everything from the first `;`, `|`, `&`, `<` or `>` outside quotes.

```yaml
services:
  web:
    command: migrate && serve                    # runs `migrate` only
```

For a shell, write `command: [\"sh\", \"-c\", \"migrate && serve\"]`. To hand the sign to the \
program, put it in quotes.",
    ),
    page(
        codes::DRIVE_LETTER,
        "A one-letter volume is read as a Windows drive",
        "docker compose takes one letter before a colon for a drive, so the whole text becomes \
the path of an anonymous volume inside the container.

```yaml
services:
  web:
    volumes: [\"d:/data\"]       # not volume `d`
```

Give the volume a name of two letters or more, or use the long syntax.",
    ),
    page(
        codes::MOUNT_OPTION,
        "Nobody knows this option of a mount",
        "The short syntax of a mount ends in options: `ro`, `rw`, `nocopy`, `z`, `Z` and the kinds \
of propagation. docker compose drops any other one without a word.

```yaml
services:
  web:
    volumes: [\"./data:/data:r\"]        # ro
```",
    ),
    page(
        codes::DEPRECATED,
        "This is the former way to write it",
        "It still works, and means what the help says.

```yaml
services: {}
volumes:
  data:
    external:
      name: shop_data      # write `name: shop_data` and `external: true`
```",
    ),
    page(
        codes::BAD_NAME,
        "This is not a legal name",
        "Services, networks, volumes, secrets, configs, models and jobs have names of letters, \
digits, `.`, `_` and `-`. Variables are not replaced in names.

```yaml
services:
  my web:          # my-web
    image: nginx
```",
    ),
    page(
        codes::NO_IMAGE,
        "The service has nothing to run",
        "A service needs an `image`, a `build` or a `provider`.

```yaml
services:
  web:
    ports: [\"8080:80\"]
```

If the service completes one of another file, that file may be missing from the command.",
    ),
    page(
        codes::IMAGE_REFERENCE,
        "No image can have this name",
        "An image is named `[registry/]repository[:tag][@digest]`: the repository in lower case, the \
tag without spaces and signs. docker compose loads any text, and fails when it starts the service; \
so does every target. Most often a variable for the tag is not set.

```yaml
services:
  web:
    image: shop:${TAG}     # shop:${TAG:-latest}
```",
    ),
    page(
        codes::UNDEFINED,
        "Something is named that is not declared",
        "A service refers to a network, volume, secret, config, model or service that is nowhere \
in the files.

```yaml
services:
  web:
    image: nginx
    volumes: [\"data:/data\"]
volumes:
  dta: {}
```

Declare it, or correct the name. With `--lenient` it is a warning: networks and volumes are \
declared for the project, secrets and configs are taken for ones that are there already. A dependency \
that is not `required` may be switched off by its profile, but it must exist.",
    ),
    page(
        codes::DISABLED,
        "A dependency is switched off",
        "The service depends on one that takes part only under a profile, and none of its \
profiles is active.

```yaml
services:
  web:
    image: nginx
    depends_on: [db]
  db:
    image: postgres
    profiles: [full]
```

Activate the profile with `--profile full`, or write `required: false` beside the condition.",
    ),
    page(
        codes::EXCLUSIVE_KEYS,
        "These keys exclude each other",
        "Both were given, and they contradict each other or say the same thing twice.

```yaml
services:
  web:
    network_mode: host
    networks: [front]
configs:
  settings:
    file: ./settings
    content: text
volumes:
  data:
    external: true
    driver: local
```

Keep one of them. Files laid over each other may each have brought one; take the other out with \
`!reset`.",
    ),
    page(
        codes::CONFLICT,
        "Two values contradict each other",
        "The same figure can be given in two places, and they differ.

```yaml
services:
  web:
    image: nginx
    scale: 2
    deploy:
      replicas: 3
```

Keep one of them. The same code stands for a container name on a service that runs several times, \
and for a platform the image is not built for.",
    ),
    page(
        codes::NAME_TAKEN,
        "One name stands for two things",
        "Services and jobs share their names, disabled ones included, and the engine knows each \
container by one name.

```yaml
services:
  a: {image: nginx, container_name: web}
  b: {image: nginx, container_name: web}
```",
    ),
    page(
        codes::MOUNTED_TWICE,
        "Two mounts have the same target",
        "Only one of them would be seen inside the container.

```yaml
services:
  web:
    image: nginx
    tmpfs: [/data]
    volumes: [\"data:/data\"]
```",
    ),
    page(
        codes::DEPENDENCY_CYCLE,
        "Services wait for each other",
        "None of them could be the first to start. Links, `volumes_from` and `network_mode: \
service:…` are dependencies too.

```yaml
services:
  a: {image: nginx, depends_on: [b]}
  b: {image: nginx, links: [a]}
```

The message shows the way around. Remove one of its steps.",
    ),
    page(
        codes::NO_CONTENT,
        "A config or secret has no content",
        "It comes from a file, from a variable, for a config from the compose file itself, or it \
is there already.

```yaml
secrets:
  password: {}                 # file, environment or external
configs:
  settings:
    content: |
      port = 80
```",
    ),
    page(
        codes::SECRET_DRIVER,
        "docker compose refuses a secret that only a driver brings",
        "Swarm can fetch secrets through a driver, and its stack files say so. docker compose \
reads such a file and then refuses it.

```yaml
services: {}
secrets:
  password:
    driver: vault
```

It is kept here, because the other targets have their say about it.",
    ),
    page(
        codes::FILE,
        "A file of variables or labels cannot be read",
        "An `env_file` or `label_file` is missing, is a directory, is too large, or may not be \
read. Relative paths start from the project's directory.

```yaml
services:
  web:
    image: nginx
    env_file:
      - ./shop.env
      - path: ./local.env
        required: false        # it may be missing
```",
    ),
    page(
        codes::EMPTY_SOURCE,
        "A bind has an empty source",
        "docker compose mounts the project's own directory then, which is rarely meant. A variable \
that is not set leaves such an empty text.

```yaml
services:
  web:
    image: nginx
    volumes:
      - {type: bind, source: \"${DATA}\", target: /data}
```

Set the variable, or write `${DATA:?}` to be told when it is not set.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PAGES;
    use crate::{LoadOptions, MemoryFiles, load};

    #[test]
    fn every_code_has_one_page() {
        let codes = include_str!("codes.rs").matches("pub const ").count();
        let explained: BTreeSet<_> = PAGES.iter().map(|page| page.code).collect();
        assert_eq!((explained.len(), PAGES.len()), (codes, codes));
    }

    #[test]
    fn every_example_shows_its_problem_at_a_place() {
        for page in PAGES {
            let example = page
                .text
                .split("```yaml\n")
                .nth(1)
                .and_then(|rest| rest.split("```").next());
            let files = MemoryFiles::new().with("/shop/compose.yaml", example.unwrap_or_default());
            let options = LoadOptions {
                current_directory: "/shop".to_owned(),
                ..LoadOptions::default()
            };
            let loaded = load(&files, &options);
            let shown = loaded.diagnostics.iter().any(|diagnostic| {
                diagnostic.code == page.code
                    && !diagnostic.labels.is_empty()
                    && diagnostic.help.is_some()
            });
            assert!(shown, "{}: {:#?}", page.code.0, loaded.diagnostics);
        }
    }
}
