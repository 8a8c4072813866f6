//! Being asked to stop.

use tokio::signal::unix::{SignalKind, signal};
use tranship_engine::Signal;

/// Waits until someone asks us to stop. What follows, giving the lock back, is bounded to two
/// seconds, and nothing asks twice.
pub(crate) async fn stop() -> Signal {
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        // Without these handlers the system ends the process, as it does by default.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => Signal::Interrupt,
        _ = terminate.recv() => Signal::Terminate,
    }
}
