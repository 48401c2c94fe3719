//! A station: any number of modules on pseudo-terminals and TCP ports, all served by one thread.
//!
//! Knows the clock of this machine and how to wait for whatever comes first. Connections that modules ask for are made
//! on threads of their own, since resolving a name cannot be done without waiting.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ec20_manual::profile::Profile;
use rustix::event::Timespec;
use rustix::event::{PollFd, PollFlags, poll};

use crate::event::{ConnectionId, Environment, Input, Machine, NetworkFailure};
use crate::link::{Faults, Link};
use crate::module::Module;

use super::network::{Network, connect};
use super::port::{Port, PtyPort, TcpPort};
use super::seat::Seat;

/// How a module is set up at a station.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The firmware it plays.
    pub profile: Profile,
    /// It sends unsolicited lines wherever the standards allow one.
    pub noise: bool,
    /// Bits per second at which bytes move; as fast as they can when absent.
    pub baud: Option<u32>,
    /// A line that spoils bytes, with its seed.
    pub faults: Option<(u64, Faults)>,
    /// Where its connections lead.
    pub network: Network,
}

impl Setup {
    /// A module that plays a profile, on a good line without a speed limit, on this machine's network.
    pub fn new(profile: Profile) -> Self {
        Self { profile, noise: false, baud: None, faults: None, network: Network::Real }
    }

    fn machine(&self) -> Box<dyn Machine + Send> {
        let module = Module::new(&self.profile);
        let module = if self.noise { module.with_noise() } else { module };
        match self.faults {
            Some((seed, faults)) => Box::new(Link::new(module, seed, faults)),
            None => Box::new(module),
        }
    }
}

enum Message {
    Stop,
    Happens(usize, Environment),
    Connected(usize, ConnectionId, Result<TcpStream, NetworkFailure>),
}

/// Speaks to a station from other threads.
#[derive(Debug, Clone)]
pub struct Control {
    messages: Sender<Message>,
    bell: Arc<PipeWriter>,
}

impl Control {
    fn say(&self, message: Message) {
        // A station that is gone hears nothing, and needs not.
        let _ = self.messages.send(message);
        let _ = (&*self.bell).write(&[0]);
    }

    /// Ends the station's run.
    pub fn stop(&self) {
        self.say(Message::Stop);
    }

    /// Lets something happen round a module, counted from 0 in the order of adding.
    pub fn happens(&self, seat: usize, event: Environment) {
        self.say(Message::Happens(seat, event));
    }
}

/// Modules on ports, served by whoever calls [`Station::run`].
pub struct Station {
    seats: Vec<(Seat, Network)>,
    messages: Receiver<Message>,
    control: Control,
    bell: PipeReader,
    started: Instant,
}

/// How often a pseudo-terminal without a client is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// What a polled descriptor belongs to.
#[derive(Clone, Copy)]
enum Polled {
    Bell,
    Port(usize),
    Socket(usize, usize),
}

impl Station {
    /// A station without modules.
    ///
    /// # Errors
    /// When the machine has no pipe left.
    pub fn new() -> io::Result<Self> {
        let (bell, ringer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&bell, true)?;
        rustix::io::ioctl_fionbio(&ringer, true)?;
        let (sender, messages) = channel();
        let control = Control { messages: sender, bell: Arc::new(ringer) };
        Ok(Self { seats: Vec::new(), messages, control, bell, started: Instant::now() })
    }

    /// Adds a module on a new pseudo-terminal; gives the path to open. With a link, that path is the link's.
    ///
    /// # Errors
    /// When no pseudo-terminal can be had, or the link cannot be made (something else stands in its place).
    pub fn add_pty(&mut self, setup: &Setup, link: Option<&Path>) -> io::Result<PathBuf> {
        let (port, path) = PtyPort::open(link)?;
        self.seats.push((Seat::new(Port::Pty(port), setup.machine(), setup.baud), setup.network.clone()));
        Ok(path)
    }

    /// Adds a module on a TCP port, port 0 for any; gives the address to connect to.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn add_tcp(&mut self, setup: &Setup, address: SocketAddr) -> io::Result<SocketAddr> {
        let (port, address) = TcpPort::open(address)?;
        self.seats.push((Seat::new(Port::Tcp(port), setup.machine(), setup.baud), setup.network.clone()));
        Ok(address)
    }

    /// What other threads speak to this station with.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Serves all modules until [`Control::stop`].
    ///
    /// # Errors
    /// When waiting itself fails, which it does not on a healthy machine.
    pub fn run(&mut self) -> io::Result<()> {
        let mut looked = Instant::now();
        loop {
            let seen = self.wait(looked)?;
            if looked.elapsed() >= LOOK_AGAIN {
                self.seats.iter_mut().for_each(|(seat, _)| seat.port.look_again());
                looked = Instant::now();
            }
            let now = self.now_us();
            for (polled, flags) in seen.into_iter().rev() {
                match polled {
                    Polled::Bell => {}
                    Polled::Port(seat) => {
                        if flags.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
                            self.seats[seat].0.read_port(now);
                        }
                    }
                    Polled::Socket(seat, at) => self.seats[seat].0.serve_socket(now, at, flags),
                }
                if let Polled::Port(seat) | Polled::Socket(seat, _) = polled {
                    self.seats[seat].0.attend(now);
                }
            }
            if self.hear(now) {
                return Ok(());
            }
            for (number, (seat, network)) in self.seats.iter_mut().enumerate() {
                if seat.wakes_us().is_some_and(|at| at <= now) {
                    seat.attend(now);
                }
                for wanted in seat.wanted.drain(..) {
                    let (control, network) = (self.control.clone(), network.clone());
                    std::thread::spawn(move || {
                        let made = connect(&network, &wanted.host, wanted.port);
                        control.say(Message::Connected(number, wanted.connection, made));
                    });
                }
            }
        }
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Waits until something can be read or written, or is due; says what.
    fn wait(&self, looked: Instant) -> io::Result<Vec<(Polled, PollFlags)>> {
        let mut owners = vec![Polled::Bell];
        let mut fds = vec![PollFd::new(&self.bell, PollFlags::IN)];
        let mut hung_up = false;
        for (number, (seat, _)) in self.seats.iter().enumerate() {
            match seat.port.polled() {
                Some(fd) => {
                    let out = if seat.is_writing() { PollFlags::OUT } else { PollFlags::empty() };
                    fds.push(PollFd::from_borrowed_fd(fd, PollFlags::IN | out));
                    owners.push(Polled::Port(number));
                }
                None => hung_up = true,
            }
            for (at, socket) in seat.sockets.iter().enumerate() {
                let out = if socket.is_writing() { PollFlags::OUT } else { PollFlags::empty() };
                fds.push(PollFd::new(&socket.stream, PollFlags::IN | out));
                owners.push(Polled::Socket(number, at));
            }
        }
        let now = self.now_us();
        let wakes = self.seats.iter().filter_map(|(seat, _)| seat.wakes_us()).min();
        let due = wakes.map(|at| Duration::from_micros(at.saturating_sub(now)));
        let look = hung_up.then(|| LOOK_AGAIN.saturating_sub(looked.elapsed()));
        let timeout = [due, look].into_iter().flatten().min().map(timespec);
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let seen = owners.into_iter().zip(fds.iter().map(PollFd::revents));
        Ok(seen.filter(|(_, flags)| !flags.is_empty()).collect())
    }

    /// Hears what other threads have to say; says whether one wants the run to end.
    fn hear(&mut self, now: u64) -> bool {
        let mut rung = [0; 64];
        while self.bell.read(&mut rung).is_ok_and(|count| count == rung.len()) {}
        while let Ok(message) = self.messages.try_recv() {
            match message {
                Message::Stop => return true,
                Message::Happens(number, event) => {
                    if let Some((seat, _)) = self.seats.get_mut(number) {
                        seat.step(now, Input::Environment(event));
                        seat.attend(now);
                    }
                }
                Message::Connected(number, connection, made) => {
                    if let Some((seat, _)) = self.seats.get_mut(number) {
                        seat.connected(now, connection, made);
                        seat.attend(now);
                    }
                }
            }
        }
        false
    }
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}

/// A module that runs on a thread of its own until it is dropped.
#[derive(Debug)]
pub struct Running {
    path: PathBuf,
    control: Control,
    thread: Option<JoinHandle<()>>,
}

/// Starts one module on a pseudo-terminal, on a thread of its own.
///
/// ```
/// use std::io::{Read, Write};
///
/// use ec20_manual::profile::Profile;
/// use ec20_sim::leg::station::{Setup, spawn};
///
/// let module = spawn(&Setup::new(Profile::manual().clone()))?;
/// let mut port = std::fs::File::options().read(true).write(true).open(module.path())?;
/// port.write_all(b"AT\r")?;
/// let mut answer = [0; 9];
/// port.read_exact(&mut answer)?;
/// assert_eq!(&answer, b"AT\r\r\nOK\r\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When no pseudo-terminal or thread can be had.
pub fn spawn(setup: &Setup) -> io::Result<Running> {
    let mut station = Station::new()?;
    let path = station.add_pty(setup, None)?;
    let control = station.control();
    let thread = std::thread::Builder::new().name("ec20-sim".into()).spawn(move || {
        // Only waiting can fail; then the terminal closes with the station, and the host sees it go.
        let _ = station.run();
    })?;
    Ok(Running { path, control, thread: Some(thread) })
}

impl Running {
    /// The terminal to open.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets something happen round the module.
    pub fn happens(&self, event: Environment) {
        self.control.happens(0, event);
    }

    /// Ends the module; its terminal is gone afterwards.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.control.stop();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended, too.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
