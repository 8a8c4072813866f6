//! Who we are to others who want the lock.

use std::path::Path;

use jiff::Timestamp;
use tranship_engine::Holder;

/// This run.
pub(crate) fn holder() -> Holder {
    let host = rustix::system::uname();
    let host = host.nodename().to_string_lossy().into_owned();
    let now = Timestamp::now();
    let pid = std::process::id();
    Holder {
        token: format!("{host}-{pid}-{}", now.as_nanosecond()),
        host,
        pid,
        started: now.strftime("%FT%TZ").to_string(),
        job: std::env::var("BUILD_URL").ok(),
    }
}

/// Whether a holder's run is over: one of this machine whose number no longer runs.
///
/// A number that was given to another program since only means that we wait until the lock
/// expires.
pub(crate) fn is_gone(holder: &Holder) -> bool {
    let here = rustix::system::uname();
    let is_here = here.nodename().to_string_lossy() == holder.host.as_str();
    is_here
        && Path::new("/proc/self").exists()
        && !Path::new("/proc").join(holder.pid.to_string()).exists()
}
