//! Fields an engine is too old to know.
//!
//! An older engine takes a specification and drops them without a word; compared with what it
//! keeps they would be a difference for ever, and each deployment would start the tasks anew. The
//! account of the translation says what is lost without them.

use serde_json::Value;

/// Where such a field is, with `*` for every item of a list, and the version of the API, 1.x, that
/// brought it.
///
/// Source: the engine's API version history, and the fields of its Go types.
const FIELDS: [(&str, usize); 13] = [
    ("TaskTemplate/ContainerSpec/HealthCheck/StartInterval", 44),
    ("TaskTemplate/ContainerSpec/Privileges/NoNewPrivileges", 44),
    ("TaskTemplate/ContainerSpec/Privileges/Seccomp", 44),
    ("TaskTemplate/ContainerSpec/Privileges/AppArmor", 44),
    (
        "TaskTemplate/ContainerSpec/Mounts/*/BindOptions/CreateMountpoint",
        44,
    ),
    (
        "TaskTemplate/ContainerSpec/Mounts/*/BindOptions/ReadOnlyNonRecursive",
        44,
    ),
    (
        "TaskTemplate/ContainerSpec/Mounts/*/BindOptions/ReadOnlyForceRecursive",
        44,
    ),
    (
        "TaskTemplate/ContainerSpec/Mounts/*/VolumeOptions/Subpath",
        45,
    ),
    (
        "TaskTemplate/ContainerSpec/Mounts/*/TmpfsOptions/Options",
        46,
    ),
    ("TaskTemplate/ContainerSpec/OomScoreAdj", 46),
    ("EnableIPv4", 47),
    ("TaskTemplate/Resources/SwapBytes", 52),
    ("TaskTemplate/Resources/MemorySwappiness", 52),
];

/// Leaves out what an engine of this version of the API, 1.x, does not know.
pub(super) fn leave_out(body: &mut Value, version: usize) {
    for (path, since) in FIELDS {
        if version < since {
            remove(body, path);
        }
    }
}

fn remove(value: &mut Value, path: &str) {
    match path.split_once('/') {
        Some(("*", rest)) => {
            let items = value.as_array_mut().into_iter().flatten();
            items.for_each(|item| remove(item, rest));
        }
        Some((key, rest)) => {
            if let Some(inner) = value.get_mut(key) {
                remove(inner, rest);
            }
        }
        None => {
            if let Some(map) = value.as_object_mut() {
                map.remove(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service() -> Value {
        json!({"TaskTemplate": {"ContainerSpec": {
            "OomScoreAdj": 5,
            "HealthCheck": {"Interval": 1, "StartInterval": 2},
            "Mounts": [{"Target": "/a"}, {"VolumeOptions": {"NoCopy": true, "Subpath": "x"}}],
        }, "Resources": {"Limits": {"MemoryBytes": 1}, "SwapBytes": 2, "MemorySwappiness": 3}}})
    }

    #[test]
    fn an_old_engine_is_not_asked_for_what_it_drops() {
        let mut body = service();
        leave_out(&mut body, 41);
        let container = json!({
            "HealthCheck": {"Interval": 1},
            "Mounts": [{"Target": "/a"}, {"VolumeOptions": {"NoCopy": true}}],
        });
        let resources = json!({"Limits": {"MemoryBytes": 1}});
        let task = json!({"ContainerSpec": container, "Resources": resources});
        assert_eq!(body, json!({"TaskTemplate": task}));
    }

    #[test]
    fn an_engine_that_knows_them_gets_them_all() {
        let mut body = service();
        leave_out(&mut body, 52);
        assert_eq!(body, service());
    }
}
