//! A proxy in front of an API: it counts the calls that write, and breaks the ones a test names.
//!
//! It speaks plain HTTP/1.1 to the client, over a Unix socket or TCP, and HTTP over a Unix socket,
//! TCP or TLS to the server. Each request has a connection of its own on both sides, so that a cut
//! or a stall touches one call alone.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::http::{self, Request};
use super::upstream::Upstream;

/// How long a stalled answer hangs: longer than any client may wait for one call.
const STALL: Duration = Duration::from_mins(2);
/// How long a call waits for the process it is to kill.
const VICTIM: Duration = Duration::from_secs(10);

/// Where the proxy listens.
pub(crate) enum Listen {
    /// On a Unix socket at this path.
    Unix(PathBuf),
    /// On a free port of 127.0.0.1.
    Loopback,
}

/// Before the server got the request, or after it answered and before the client hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The server never saw it.
    Before,
    /// The server did it; the client does not know.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The client's process ([`Proxy::victim`]) gets a signal.
    Signal(Moment, Signal),
    /// The connection ends.
    Cut(Moment),
    /// The proxy answers itself, with a wish for a pause in seconds.
    Answer {
        /// The status code.
        status: u16,
        /// The header `Retry-After`.
        retry_after: Option<u64>,
        /// The body.
        body: String,
    },
    /// Half of the answer comes, and then nothing.
    Stall,
    /// The request is held back.
    Delay(Duration),
}

/// Which calls go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// The writing call of this number, from 1.
    Write(usize),
    /// Every writing call from this number on.
    WritesFrom(usize),
    /// Every call from this number on.
    From(usize),
    /// Every call whose number, from 1, is a multiple of this.
    Every(usize),
}

/// A call the proxy saw.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The method and the path with its query, or what [`Proxy::start`] was told to call it.
    pub(crate) line: String,
    /// Whether it writes.
    pub(crate) writes: bool,
    /// When it came.
    pub(crate) at: Instant,
}

/// Whether a request writes.
pub(crate) type Writes = fn(&Request) -> bool;

/// Every method but those that read.
pub(crate) fn by_method(request: &Request) -> bool {
    !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    written: usize,
    faults: Vec<(Which, Fault)>,
    victim: Option<Pid>,
    signalled: Option<Instant>,
}

struct Shared {
    upstream: Upstream,
    writes: Writes,
    state: Mutex<State>,
    changed: Condvar,
}

/// A running proxy; it stops listening when dropped.
pub(crate) struct Proxy {
    shared: Arc<Shared>,
    address: String,
    socket: Option<PathBuf>,
}

impl Proxy {
    /// Starts a proxy in front of a server.
    pub(crate) fn start(listen: Listen, upstream: Upstream, writes: Writes) -> Result<Self> {
        let shared = Arc::new(Shared {
            upstream,
            writes,
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let (address, socket) = match listen {
            Listen::Unix(path) => {
                drop(fs::remove_file(&path));
                let listener = UnixListener::bind(&path)?;
                let accept = move || listener.accept().map(|(stream, _)| Client::Unix(stream));
                accept_all(accept, &shared);
                (format!("unix://{}", path.display()), Some(path))
            }
            Listen::Loopback => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let address = listener.local_addr()?.to_string();
                let accept = move || listener.accept().map(|(stream, _)| Client::Tcp(stream));
                accept_all(accept, &shared);
                (address, None)
            }
        };
        Ok(Self {
            shared,
            address,
            socket,
        })
    }

    /// Where it listens: `unix://PATH`, or `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Forgets all calls and faults, and lets `faults` happen from now on.
    pub(crate) fn arm(&self, faults: Vec<(Which, Fault)>) {
        *self.shared.lock() = State {
            faults,
            ..State::default()
        };
    }

    /// Names the process that signals go to.
    pub(crate) fn victim(&self, process: u32) {
        self.shared.lock().victim = Some(Pid::from_raw(process.cast_signed()));
        self.shared.changed.notify_all();
    }

    /// When a signal was last sent, if one was since it was armed.
    pub(crate) fn signalled(&self) -> Option<Instant> {
        self.shared.lock().signalled
    }

    /// Every call since it was armed.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// The writing calls since it was armed.
    pub(crate) fn writes(&self) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.writes);
        calls
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(socket) = &self.socket {
            drop(fs::remove_file(socket));
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and says what is to go wrong with it.
    fn count(&self, request: &Request) -> Option<Fault> {
        let writes = (self.writes)(request);
        let mut state = self.lock();
        state.calls.push(Call {
            line: request.line(),
            writes,
            at: Instant::now(),
        });
        state.written += usize::from(writes);
        let (number, written) = (state.calls.len(), state.written);
        let hit = |which: &Which| match which {
            Which::Write(wanted) => writes && written == *wanted,
            Which::WritesFrom(first) => writes && written >= *first,
            Which::From(first) => number >= *first,
            Which::Every(step) => number.is_multiple_of(*step),
        };
        let fault = state.faults.iter().find(|(which, _)| hit(which));
        fault.map(|(_, fault)| fault.clone())
    }

    /// Sends the signal, as soon as the test has said to whom.
    fn signal(&self, signal: Signal) {
        let state = self.lock();
        let waited = self
            .changed
            .wait_timeout_while(state, VICTIM, |state| state.victim.is_none());
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.signalled = Some(Instant::now());
        if let Some(victim) = state.victim {
            // A process that ended already cannot be killed, which is as well.
            let _ = kill(victim, signal);
        }
    }

    fn serve(&self, client: &mut Client) -> io::Result<()> {
        let Some(request) = http::read(client)? else {
            return Ok(());
        };
        match self.count(&request) {
            None => self.forward(&request, client),
            Some(Fault::Delay(time)) => {
                thread::sleep(time);
                self.forward(&request, client)
            }
            Some(Fault::Answer {
                status,
                retry_after,
                body,
            }) => client.write_all(&http::answer(status, retry_after, &body)),
            Some(Fault::Cut(Moment::Before)) => Ok(()),
            Some(Fault::Signal(Moment::Before, signal)) => {
                self.signal(signal);
                self.forward_unless_killed(signal, &request, client)
            }
            Some(Fault::Signal(Moment::After, signal)) => {
                let answer = self.whole(&request)?;
                self.signal(signal);
                client.write_all(&answer)
            }
            Some(Fault::Cut(Moment::After)) => self.whole(&request).map(drop),
            Some(Fault::Stall) => {
                let answer = self.whole(&request)?;
                client.write_all(answer.get(..answer.len() / 2).unwrap_or_default())?;
                thread::sleep(STALL);
                Ok(())
            }
        }
    }

    /// A killed client's request never left it; one that may go on gets its answer.
    fn forward_unless_killed(
        &self,
        signal: Signal,
        request: &Request,
        client: &mut Client,
    ) -> io::Result<()> {
        if signal == Signal::SIGKILL {
            return Ok(());
        }
        self.forward(request, client)
    }

    fn forward(&self, request: &Request, client: &mut Client) -> io::Result<()> {
        let mut server = self.upstream.connect()?;
        server.write_all(&request.bytes())?;
        let mut buffer = [0; 16384];
        loop {
            let read = server.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            client.write_all(buffer.get(..read).unwrap_or_default())?;
        }
    }

    /// The whole answer to a request.
    fn whole(&self, request: &Request) -> io::Result<Vec<u8>> {
        let mut server = self.upstream.connect()?;
        server.write_all(&request.bytes())?;
        let mut answer = Vec::new();
        server.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

fn accept_all<F>(accept: F, shared: &Arc<Shared>)
where
    F: Fn() -> io::Result<Client> + Send + 'static,
{
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        while let Ok(mut client) = accept() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                // A client or server that went away ends the call; the test sees what follows.
                drop(shared.serve(&mut client));
                client.close();
            });
        }
    });
}

/// The client's end of a connection.
enum Client {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Client {
    fn close(&self) {
        drop(match self {
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
        });
    }
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.read(buffer),
            Self::Tcp(stream) => stream.read(buffer),
        }
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.write(bytes),
            Self::Tcp(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.flush(),
            Self::Tcp(stream) => stream.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers every request with its first line.
    fn echo() -> Result<Upstream> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                if let Ok(Some(request)) = http::read(&mut stream) {
                    drop(stream.write_all(&http::answer(200, None, &request.line())));
                }
            }
        });
        Ok(Upstream::Tcp(address))
    }

    fn ask(proxy: &Proxy, method: &str) -> Result<String> {
        let mut stream = TcpStream::connect(proxy.address())?;
        write!(
            stream,
            "{method} /x?y=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn calls_that_write_are_counted_and_the_named_one_breaks() -> Result<()> {
        let proxy = Proxy::start(Listen::Loopback, echo()?, by_method)?;
        let busy = Fault::Answer {
            status: 429,
            retry_after: Some(3),
            body: "later".to_owned(),
        };
        proxy.arm(vec![
            (Which::Write(2), busy),
            (Which::Write(3), Fault::Cut(Moment::Before)),
        ]);
        assert!(ask(&proxy, "POST")?.ends_with("POST /x?y=1"));
        assert!(ask(&proxy, "GET")?.ends_with("GET /x?y=1"));
        let refused = ask(&proxy, "DELETE")?;
        assert!(refused.starts_with("HTTP/1.1 429 ") && refused.contains("Retry-After: 3\r\n"));
        assert_eq!(ask(&proxy, "PUT")?, "");
        assert_eq!((proxy.calls().len(), proxy.writes().len()), (4, 3));
        Ok(())
    }
}
