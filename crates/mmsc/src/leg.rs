//! The far end on TCP: a listener, one thread per connection, and the folder where messages are kept.
//!
//! Threads only carry octets and times to the core and back; everything worth deciding is decided there. Their
//! number is bounded by [`Limits::connections`].

mod client;

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::answer::Answer;
use crate::captured::Captured;
use crate::core::{ConnectionId, Core, Input, Limits, Output};
use crate::plan::Plan;
use crate::store::Store;

/// What a running far end tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message is kept, and about to be answered.
    Captured(Arc<Captured>),
    /// A line for the log: a request that was not served, a connection that was ended.
    Log(String),
}

/// How a far end is to be run.
pub struct Options {
    /// The bounds.
    pub limits: Limits,
    /// The answers.
    pub plan: Plan,
    /// Where messages are kept; without one they are only told.
    pub store: Option<Store>,
    /// Who is told, from the threads of the far end. A message is told before it is answered.
    pub tell: Box<dyn Fn(Event) + Send + Sync>,
}

impl Default for Options {
    /// Accepts everything, keeps nothing, tells nobody.
    fn default() -> Self {
        Self { limits: Limits::default(), plan: Plan::default(), store: None, tell: Box::new(|_| {}) }
    }
}

/// A far end that listens. It stops when it is dropped.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::{TcpListener, TcpStream};
/// use std::sync::mpsc;
///
/// let (sender, messages) = mpsc::channel();
/// let options = mmsc::Options {
///     tell: Box::new(move |event| {
///         if let mmsc::Event::Captured(message) = event {
///             let _ = sender.send(message);
///         }
///     }),
///     ..mmsc::Options::default()
/// };
/// let far_end = mmsc::Server::start(TcpListener::bind("127.0.0.1:0")?, options)?;
/// far_end.order(mmsc::Answer::parse("status 132").unwrap());
///
/// let pdu = mms_pdu::SendReqBuilder::new("T1").to("13856122546").encode().unwrap();
/// let mut client = TcpStream::connect(far_end.address())?;
/// write!(client, "POST / HTTP/1.1\r\nHost: mmsc\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", pdu.len())?;
/// client.write_all(&pdu)?;
/// let mut answer = Vec::new();
/// client.read_to_end(&mut answer)?;
/// assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
/// assert_eq!(messages.recv().unwrap().message().unwrap().transaction_id().text_lossy(), "T1");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: Option<JoinHandle<()>>,
}

/// What the threads of a far end share.
struct Shared {
    core: Mutex<Core>,
    streams: Mutex<HashMap<ConnectionId, Arc<TcpStream>>>,
    store: Option<Store>,
    tell: Box<dyn Fn(Event) + Send + Sync>,
    started: Instant,
    stopping: AtomicBool,
    /// How many clients are being given time to read the end of their answer.
    lingering: AtomicUsize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Server {
    /// Serves a listener until it is dropped.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn start(listener: TcpListener, options: Options) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let first_serial = options.store.as_ref().map_or(1, Store::next_serial);
        let connections = options.limits.connections;
        let shared = Arc::new(Shared {
            core: Mutex::new(Core::new(options.limits, options.plan, first_serial)),
            streams: Mutex::default(),
            store: options.store,
            tell: options.tell,
            started: Instant::now(),
            stopping: AtomicBool::new(false),
            lingering: AtomicUsize::new(0),
        });
        let for_thread = Arc::clone(&shared);
        let listening = thread::Builder::new()
            .name("mmsc".to_owned())
            .spawn(move || for_thread.listen(&listener, connections))?;
        Ok(Self { shared, address, listening: Some(listening) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Gives an answer to the next POST that has no order yet.
    pub fn order(&self, answer: Answer) {
        self.shared.core().order(answer);
    }

    /// Takes back every order that no POST has met.
    pub fn forget_orders(&self) {
        self.shared.core().forget_orders();
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        for stream in self.shared.streams().values() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        // The listener waits in accept: one last client wakes it.
        let mut own = self.address;
        if own.ip().is_unspecified() {
            own.set_ip(if own.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
        }
        let _ = TcpStream::connect_timeout(&own, Duration::from_secs(1));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
    }
}

impl Shared {
    /// The core. A thread that panicked cannot have left it half changed: a step is one call.
    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn streams(&self) -> MutexGuard<'_, HashMap<ConnectionId, Arc<TcpStream>>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    fn log(&self, line: String) {
        (self.tell)(Event::Log(line));
    }

    /// Accepts until the far end stops. A refusal for want of files or threads is waited out, and so are threads of
    /// connections that have been ended: meanwhile new clients wait in the system's queue, and none is turned away.
    fn listen(self: &Arc<Self>, listener: &TcpListener, connections: usize) {
        let threads_max = connections.saturating_mul(2).saturating_add(8);
        let mut clients: Vec<JoinHandle<()>> = Vec::new();
        let mut last = 0;
        while !self.is_stopping() {
            clients.retain(|client| !client.is_finished());
            if clients.len() >= threads_max {
                thread::sleep(Duration::from_millis(1));
                continue;
            }
            let (stream, peer) = match listener.accept() {
                Ok(accepted) => accepted,
                Err(error) => {
                    self.log(format!("cannot accept: {error}"));
                    thread::sleep(Duration::from_millis(100));
                    continue;
                }
            };
            if self.is_stopping() {
                break;
            }
            last += 1;
            let id = ConnectionId(last);
            let stream = Arc::new(stream);
            self.streams().insert(id, Arc::clone(&stream));
            let first = self.open(id, peer);
            let shared = Arc::clone(self);
            let attend = move || {
                client::attend(&shared, id, &stream, first);
                shared.streams().remove(&id);
            };
            match thread::Builder::new().name(format!("mmsc {peer}")).stack_size(256 * 1024).spawn(attend) {
                Ok(client) => clients.push(client),
                Err(error) => {
                    self.streams().remove(&id);
                    self.core().step(self.now_ms(), Input::Lost(id));
                    self.log(format!("cannot serve {peer}: {error}"));
                }
            }
        }
        for stream in self.streams().values() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        for client in clients {
            let _ = client.join();
        }
    }

    /// Tells the core of a new client. What the core wants of that client is returned; a connection that makes room
    /// for it is ended here, since its own thread waits for octets.
    fn open(&self, id: ConnectionId, peer: SocketAddr) -> Vec<Output> {
        let outputs = self.core().step(self.now_ms(), Input::Opened(id, Some(peer.to_string())));
        let mut own = Vec::new();
        for output in outputs {
            match output {
                Output::Send(other, octets) if other != id => self.send_at_once(other, &octets),
                Output::Close(other) | Output::Reset(other) if other != id => {
                    if let Some(stream) = self.streams().get(&other) {
                        let _ = stream.shutdown(std::net::Shutdown::Both);
                    }
                }
                output => own.push(output),
            }
        }
        own
    }

    /// Sends what the socket takes within a moment: a client that does not read must not hold up the listener.
    fn send_at_once(&self, id: ConnectionId, octets: &[u8]) {
        let stream = self.streams().get(&id).map(Arc::clone);
        if let Some(stream) = stream {
            let _ = stream.set_write_timeout(Some(Duration::from_millis(1)));
            let _ = (&*stream).write_all(octets);
        }
    }
}
