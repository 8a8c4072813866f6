//! The processor scheduler's settings, as cores.

use tranship_model::{CpuScheduler, Cpus, Topic};

use super::notes::drop_all;
use super::resources::LimitAndReservation;
use crate::codes;

/// Microseconds in a period of the processor scheduler where none is named.
const DEFAULT_PERIOD: i64 = 100_000;

/// The limit and the reservation that follow from quota and shares, where none are `given`.
pub(super) fn cpu_scheduler(
    scheduler: &CpuScheduler,
    given: LimitAndReservation<Cpus>,
    topic: &mut Topic<'_>,
) -> LimitAndReservation<Cpus> {
    let CpuScheduler {
        shares,
        period,
        quota,
        realtime_period,
        realtime_runtime,
        cores,
        count,
        percent,
    } = scheduler;
    let limit = if given.0.is_none() {
        cpus_of_quota(*quota, *period)
    } else {
        None
    };
    let reservation = shares
        .filter(|_| given.1.is_none())
        .and_then(cpus_of_shares);
    note_quota(*quota, limit.is_some(), &mut topic.key("quota"));
    note_period(*period, limit.is_some(), &mut topic.key("period"));
    note_shares(*shares, reservation.is_some(), &mut topic.key("shares"));
    let detail = "it may run on every core of its node, as the node's own scheduler decides";
    drop_all(
        topic,
        &codes::NODE_LIMITS,
        detail,
        &[
            ("realtime_period", realtime_period),
            ("realtime_runtime", realtime_runtime),
            ("cores", cores),
            ("count", count),
            ("percent", percent),
        ],
    );
    (limit, reservation)
}

/// What is said of quota and period where neither is used.
const UNUSED: &str = "it has no effect beside the limit in cores, or alone";

fn note_quota(quota: Option<i64>, is_limit: bool, topic: &mut Topic<'_>) {
    if quota.is_some() && is_limit {
        let detail = "the limit of processor time is given as cores";
        topic.equivalent(&codes::CPU_SCHEDULER, detail);
    } else if quota.is_some() {
        topic.dropped(&codes::CPU_SCHEDULER, UNUSED);
    }
}

fn note_period(period: Option<i64>, is_limit: bool, topic: &mut Topic<'_>) {
    match period {
        None => {}
        Some(_) if !is_limit => topic.dropped(&codes::CPU_SCHEDULER, UNUSED),
        Some(DEFAULT_PERIOD) => {
            let detail = "the limit of processor time is given as cores";
            topic.equivalent(&codes::CPU_SCHEDULER, detail);
        }
        Some(_) => {
            let detail =
                "its share is the same, but counted over the node's own period, 100 ms by default";
            topic.approximate(&codes::CPU_SCHEDULER, detail);
        }
    }
}

fn note_shares(shares: Option<i64>, is_reservation: bool, topic: &mut Topic<'_>) {
    if shares.is_some() && is_reservation {
        let detail =
            "its weight is a reservation, 1024 shares to a core, and nodes must have room for it";
        topic.approximate(&codes::CPU_SCHEDULER, detail);
    } else if shares.is_some() {
        topic.dropped(&codes::CPU_SCHEDULER, "the reservation decides its weight");
    }
}

fn cpus_of_quota(quota: Option<i64>, period: Option<i64>) -> Option<Cpus> {
    let quota = u64::try_from(quota?).ok().filter(|quota| *quota > 0)?;
    let period = u64::try_from(period.unwrap_or(DEFAULT_PERIOD))
        .ok()
        .filter(|period| *period > 0)?;
    let nanos = u128::from(quota) * 1_000_000_000 / u128::from(period);
    u64::try_from(nanos).ok().map(|nanos| Cpus { nanos })
}

fn cpus_of_shares(shares: i64) -> Option<Cpus> {
    let shares = u64::try_from(shares).ok().filter(|shares| *shares > 0)?;
    let nanos = u128::from(shares) * 1_000_000_000 / 1024;
    u64::try_from(nanos).ok().map(|nanos| Cpus { nanos })
}
