//! Paths as text, the way Go's `filepath` handles them on Unix: nothing here looks at a disk.

/// Whether the path starts at the root.
pub(crate) fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
}

/// Whether Windows takes the path for an absolute one: a drive and a separator, or a share.
pub(crate) fn is_absolute_on_windows(path: &str) -> bool {
    let is_separator = |byte: Option<&u8>| matches!(byte, Some(b'/' | b'\\'));
    let bytes = path.as_bytes();
    let drive = bytes.get(1) == Some(&b':') && is_separator(bytes.get(2));
    drive || (is_separator(bytes.first()) && is_separator(bytes.get(1)))
}

/// The shortest path that means the same without looking at links (`filepath.Clean`).
pub(crate) fn clean(path: &str) -> String {
    let rooted = is_absolute(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `path` below `directory`, cleaned; an absolute `path` stays itself.
pub(crate) fn below(directory: &str, path: &str) -> String {
    if is_absolute(path) || directory.is_empty() {
        return clean(path);
    }
    clean(&format!("{directory}/{path}"))
}

/// The directory a path lies in (`filepath.Dir`).
pub(crate) fn directory(path: &str) -> String {
    match path.rfind('/') {
        Some(at) => clean(path.get(..=at).unwrap_or("/")),
        None => ".".to_owned(),
    }
}

/// The last part of a path (`filepath.Base`).
pub(crate) fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return if path.is_empty() { "." } else { "/" };
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// How to go from one absolute directory to a path (`filepath.Rel`).
pub(crate) fn relative(from: &str, path: &str) -> String {
    let (from, path) = (clean(from), clean(path));
    let (from, path) = (parts(&from), parts(&path));
    let shared = from.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let down = path.iter().skip(shared).copied();
    let way: Vec<&str> = up.chain(down).collect();
    if way.is_empty() {
        ".".to_owned()
    } else {
        way.join("/")
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect()
}

/// Whether a reference names something that would have to be fetched: git, OCI or HTTP.
pub(crate) fn is_remote(reference: &str) -> bool {
    const PREFIXES: [&str; 7] = [
        "oci://",
        "http://",
        "https://",
        "git://",
        "ssh://",
        "git@",
        "github.com/",
    ];
    PREFIXES.iter().any(|prefix| reference.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{base_name, below, clean, directory, relative};

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("", "."),
            ("a/../b", "b"),
            ("./a//b/", "a/b"),
            ("../../a", "../../a"),
            ("/../a", "/a"),
            ("a/..", "."),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }

    #[test]
    fn parts_of_paths_are_what_go_returns() {
        assert_eq!(directory("a/b.yaml"), "a");
        assert_eq!(directory("b.yaml"), ".");
        assert_eq!(directory("/b.yaml"), "/");
        assert_eq!(base_name("/srv/my-app/"), "my-app");
        assert_eq!(below("/srv", "../x"), "/x");
        assert_eq!(below("/srv", "/x"), "/x");
        assert_eq!(relative("/srv/a", "/srv/b/c"), "../b/c");
        assert_eq!(relative("/srv", "/srv"), ".");
    }
}
