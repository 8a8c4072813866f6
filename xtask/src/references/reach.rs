//! Who reaches whom.

use super::source::Source;
use super::{Account, Judgement, Rendering};

/// Compares who reaches whom in a rendering with who shares a network in the file.
///
/// Who shares the network of another is in all networks that one is in. Who is in none of the
/// stack's networks is not judged.
pub(super) fn weigh(
    rendering: &impl Rendering,
    source: &Source<'_>,
    account: &Account<'_>,
    judgement: &mut Judgement,
) {
    let members = source.members();
    for (from, own) in &members {
        for (to, others) in members.iter().filter(|(to, _)| to != from) {
            let Some(reaches) = rendering.reaches(from, to, account) else {
                continue;
            };
            let shares = !own.is_disjoint(others);
            let told = || {
                let mut networks = own.union(others);
                networks.any(|network| account.warns_at(&format!("networks.{network}")))
                    || [from, to]
                        .iter()
                        .any(|service| account.warns_below(&format!("services.{service}.networks")))
            };
            let does = if reaches { "reaches" } else { "does not reach" };
            let fault = || format!("services.{from}.networks: it {does} `{to}`");
            let fault = judgement.pairs.count(reaches == shares, told, fault);
            judgement.faults.extend(fault);
        }
    }
}
