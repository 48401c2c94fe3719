//! What happens to a module, and what a module does: the whole of its touch with the world.

/// Names one network connection of a module, for as long as the module lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u32);

/// What happens to a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// Bytes from the host.
    Bytes(&'a [u8]),
    /// Time has passed; nothing else.
    Tick,
    /// Something happened to a connection that the module had asked for.
    Network(NetworkEvent<'a>),
    /// Something happened to the world round the module.
    Environment(Environment),
}

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkEvent<'a> {
    /// It stands.
    Connected(ConnectionId),
    /// The far end sent these bytes.
    Received(ConnectionId, &'a [u8]),
    /// The far end closed it in order.
    Closed(ConnectionId),
    /// It broke, or never came to be.
    Failed(ConnectionId, NetworkFailure),
}

/// Why a connection broke or never came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFailure {
    /// The host name has no address.
    NameUnresolved,
    /// No socket could be had.
    NoSocket,
    /// The far end refused, or could not be reached.
    Refused,
    /// Reading failed: the far end reset the connection.
    ReadFailed,
    /// Writing failed.
    WriteFailed,
    /// A failure of no kind that the manual names.
    Other,
}

/// What happens to the world round the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The SIM card is taken out.
    SimOut,
    /// The SIM card is put in.
    SimIn,
    /// The network is gone: registration and every context with it.
    NetworkLost,
    /// The network is back.
    NetworkBack,
    /// The network lets contexts be activated, or refuses to.
    ContextsRefused(bool),
    /// The network takes one context down.
    PdpLost(u8),
    /// The power button: everything starts anew, boot lines and all.
    Reboot,
    /// The cable is pulled: a half line, data mode and pending answers are gone, the module runs on.
    Unplug,
}

/// What a module does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Bytes to the host.
    Bytes(Vec<u8>),
    /// It wants a TCP connection over a PDP context.
    Connect {
        /// The name under which events about it come back.
        connection: ConnectionId,
        /// The PDP context, from 1.
        context: u8,
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// It sends bytes over a connection.
    Transmit {
        /// Which connection.
        connection: ConnectionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// It is done with a connection, established or not.
    Close {
        /// Which connection.
        connection: ConnectionId,
    },
    /// It wants a step at this time, in milliseconds, even if nothing happens before.
    WakeAt(u64),
}

/// Whatever takes a module's inputs and gives its outputs: the module itself, or a module behind a line that spoils.
pub trait Machine {
    /// Takes one input at a time in milliseconds, which must not go backwards, and says what the machine does.
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output>;
}

impl<M: Machine + ?Sized> Machine for Box<M> {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        (**self).step(now_ms, input)
    }
}
