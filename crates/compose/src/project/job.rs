//! Jobs: what runs on demand or on schedule.

use super::attribute::attributes;
use super::{ContainerSpec, WorkloadSpec};
use crate::field::closed_words;

attributes! {
    /// A job.
    open struct Job requires ["triggers"] inline {
        /// What every container has.
        container: ContainerSpec,
        /// What services and jobs have.
        workload: WorkloadSpec,
    } {
        /// The profiles it takes part in; all of them without one.
        profiles: Vec<String>,
        /// What starts it.
        triggers: Option<Triggers>,
    }
}

attributes! {
    /// What starts a job.
    open struct Triggers {
        /// Whether people may; they may without a word.
        manual: Option<bool>,
        /// When it is started.
        schedule: Vec<Schedule>,
    }
}

closed_words! {
    /// What happens when the last run is not over.
    Concurrency {
        /// The new one does not start.
        Forbid = "forbid",
        /// The new one waits.
        Queue = "queue",
    }
}

closed_words! {
    /// What happens when starts were missed.
    MissedFires {
        /// One of them is made up for.
        One = "one",
        /// None is.
        Skip = "skip",
    }
}

attributes! {
    /// When a job is started.
    open struct Schedule short Schedule::decode_short, requires ["cron"] {
        /// The times, in the syntax of cron.
        cron: Option<String>,
        /// The time zone they are in.
        timezone: Option<String>,
        /// What happens when the last run is not over.
        concurrency: Option<Concurrency>,
        /// What happens when starts were missed.
        missed_fires: Option<MissedFires>,
    }
}
