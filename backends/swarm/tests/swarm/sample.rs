//! Stacks to translate, as people write them.

use tranship_backend::{File, Translate, Translation};
use tranship_compose::{Contents, LoadOptions, MemoryFiles, load, lower};
use tranship_model::Stack;
use tranship_swarm::Swarm;

/// The stack a compose file stands for, if the front end takes it.
pub(crate) fn stack(text: &str) -> Option<Stack> {
    let files = MemoryFiles::new()
        .with("/shop/compose.yaml", text)
        .with("/shop/token", "never shown");
    let options = LoadOptions {
        current_directory: "/shop".to_owned(),
        ..LoadOptions::default()
    };
    let loaded = load(&files, &options);
    let project = loaded.project.as_ref();
    let project = project.filter(|_| !loaded.diagnostics.has_errors())?;
    Some(lower(project, &Contents::read(project, &files)).stack)
}

/// The translation of a compose file.
pub(crate) fn translated(text: &str) -> Translation {
    let stack = stack(text).unwrap_or_else(|| panic!("refused:\n{text}"));
    Swarm::default().translate(&stack)
}

/// The files of a compose file's rendering.
pub(crate) fn rendered(text: &str) -> Vec<File> {
    let stack = stack(text).unwrap_or_else(|| panic!("refused:\n{text}"));
    let translation = Swarm::default().translate(&stack);
    let rendering = Swarm::default().render(&stack, &translation);
    let mut files = rendering.expect("objects can be written");
    files.extend(Swarm::default().companions(&stack, &translation));
    files
}

/// The stack file of a compose file.
pub(crate) fn stack_file(text: &str) -> String {
    let main = rendered(text)
        .into_iter()
        .find(|file| file.path == "stack.yaml");
    main.expect("there is a stack file").content
}

/// One service `web` with the given lines, and what these may refer to.
pub(crate) fn web(lines: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("    {line}")).collect();
    let lines = lines.join("\n");
    format!(
        "name: shop\n\
         services:\n\
         \x20 web:\n\
         \x20   image: shop/web:1\n\
         {lines}\n\
         \x20 database:\n\
         \x20   image: postgres:17\n\
         volumes: {{ data: {{}} }}\n\
         networks: {{ default: {{}}, front: {{}} }}\n\
         configs: {{ settings: {{ content: a }} }}\n\
         secrets: {{ token: {{ file: ./token }} }}\n\
         models: {{ small: {{ model: ai/small }} }}\n"
    )
}
