//! Amounts in the interface's spelling.

use std::time::Duration;

use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use tranship_model::{ByteSize, Cpus};

/// Bytes in the largest binary unit that keeps them whole, such as `512Mi`.
pub(crate) fn bytes(size: ByteSize) -> Quantity {
    let ByteSize(bytes) = size;
    let units = [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")];
    let whole = |&(shift, _): &(u32, &str)| bytes != 0 && bytes.trailing_zeros() >= shift;
    match units.iter().find(|unit| whole(unit)) {
        Some((shift, unit)) => Quantity(format!("{}{unit}", bytes >> shift)),
        None => Quantity(bytes.to_string()),
    }
}

/// Processor time in cores or thousandths of one; finer amounts are rounded up.
pub(crate) fn cpus(cpus: Cpus) -> Quantity {
    let millis = cpus.millis_rounded_up();
    if millis.is_multiple_of(1000) {
        Quantity((millis / 1000).to_string())
    } else {
        Quantity(format!("{millis}m"))
    }
}

/// Whole seconds, rounded up.
pub(crate) fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// A number the interface takes, cut at its largest.
pub(crate) fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// Whole seconds as the interface takes them, rounded up.
pub(crate) fn int_seconds(time: Duration) -> i32 {
    int(seconds(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_amount() {
        let spelled = |amount| bytes(ByteSize(amount)).0;
        assert_eq!(spelled(512 << 20), "512Mi");
        assert_eq!(spelled(3 << 30), "3Gi");
        assert_eq!(spelled(1_000_000), "1000000");
        assert_eq!(spelled(0), "0");
    }

    #[test]
    fn processor_time_rounds_up() {
        assert_eq!(
            cpus(Cpus {
                nanos: 2_000_000_000
            })
            .0,
            "2"
        );
        assert_eq!(cpus(Cpus { nanos: 500_000_001 }).0, "501m");
    }

    #[test]
    fn a_fraction_of_a_second_counts_as_one() {
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::from_secs(2)), 2);
    }
}
