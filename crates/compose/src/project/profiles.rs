//! Which services and jobs take part.

use super::Project;
use crate::field::Map;

impl Project {
    /// Sets aside the services and jobs none of whose profiles is active.
    pub(crate) fn apply_profiles(&mut self, active: &[String]) {
        self.disabled_services = set_aside(&mut self.services, |service| {
            takes_part(&service.profiles, active)
        });
        self.disabled_jobs = set_aside(&mut self.jobs, |job| takes_part(&job.profiles, active));
    }
}

fn set_aside<T>(all: &mut Map<T>, stays: impl Fn(&T) -> bool) -> Map<T> {
    if all.values().all(&stays) {
        return Map::default();
    }
    let (enabled, disabled) = std::mem::take(all)
        .into_iter()
        .partition(|(_, item)| stays(item));
    *all = enabled;
    disabled
}

fn takes_part(profiles: &[String], active: &[String]) -> bool {
    // The reference splits an empty list of profiles into one empty name, so that the profile an
    // unset variable leaves is active as long as nobody names another.
    let is_active = |profile: &String| profile == "*" || profiles.contains(profile);
    profiles.is_empty()
        || (active.is_empty() && profiles.iter().any(String::is_empty))
        || active.iter().any(is_active)
}

#[cfg(test)]
mod tests {
    use super::takes_part;

    #[test]
    fn one_active_profile_is_enough() {
        let list = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        for (declared, active, expected) in [
            (&[][..], &[][..], true),
            (&["a"], &[], false),
            (&["a", "b"], &["b"], true),
            (&["a"], &["*"], true),
            (&[""], &[], true),
            (&[""], &["a"], false),
        ] {
            assert_eq!(
                takes_part(&list(declared), &list(active)),
                expected,
                "{declared:?} {active:?}"
            );
        }
    }
}
