//! Where a host reaches a module: a pseudo-terminal, or a TCP port.
//!
//! Knows how to open them, that a pseudo-terminal hangs up when its client closes and comes back when one opens it, and
//! that a TCP port serves one client at a time. Refuses to know modules.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::event::Timespec;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::network::is_later;

/// A port and the client on it, if there is one.
#[derive(Debug)]
pub(super) enum Port {
    Pty(PtyPort),
    Tcp(TcpPort),
}

/// What came of reading a port.
pub(super) enum PortRead {
    Bytes(usize),
    Nothing,
    /// The client is gone.
    HungUp,
}

#[derive(Debug)]
pub(super) struct PtyPort {
    master: File,
    hung_up: bool,
    link: Option<PathBuf>,
}

#[derive(Debug)]
pub(super) struct TcpPort {
    listener: TcpListener,
    client: Option<TcpStream>,
}

const NO_WAIT: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

impl PtyPort {
    /// Opens a pseudo-terminal in raw mode, with a symbolic link to it if one is wanted; gives the path to tell people.
    pub(super) fn open(link: Option<&Path>) -> io::Result<(Self, PathBuf)> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let path = PathBuf::from(OsStr::from_bytes(name.as_bytes()));
        let slave = rustix::fs::open(&path, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
        let mut termios = tcgetattr(&slave)?;
        termios.make_raw();
        tcsetattr(&slave, OptionalActions::Now, &termios)?;
        drop(slave);
        rustix::io::ioctl_fionbio(&master, true)?;
        if let Some(link) = link {
            make_link(&path, link)?;
        }
        let told = link.map_or_else(|| path.clone(), Path::to_path_buf);
        Ok((Self { master: File::from(master), hung_up: true, link: link.map(Path::to_path_buf) }, told))
    }
}

/// Points a symbolic link to a terminal; replaces a link that stands there, nothing else.
fn make_link(path: &Path, link: &Path) -> io::Result<()> {
    if link.symlink_metadata().is_ok_and(|there| there.file_type().is_symlink()) {
        std::fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(path, link)
}

impl Drop for PtyPort {
    fn drop(&mut self) {
        if let Some(link) = &self.link {
            // Nothing can be done about a link that is gone already.
            let _ = std::fs::remove_file(link);
        }
    }
}

impl TcpPort {
    pub(super) fn open(address: SocketAddr) -> io::Result<(Self, SocketAddr)> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((Self { listener, client: None }, address))
    }
}

impl Port {
    /// What to poll; `None` while nothing can be expected of it.
    pub(super) fn polled(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Pty(pty) if pty.hung_up => None,
            Self::Pty(pty) => Some(pty.master.as_fd()),
            Self::Tcp(tcp) => Some(tcp.client.as_ref().map_or(tcp.listener.as_fd(), AsFd::as_fd)),
        }
    }

    /// Whether a client is there.
    pub(super) fn has_client(&self) -> bool {
        match self {
            Self::Pty(pty) => !pty.hung_up,
            Self::Tcp(tcp) => tcp.client.is_some(),
        }
    }

    /// Looks whether a client has come to a pseudo-terminal that hung up.
    pub(super) fn look_again(&mut self) {
        if let Self::Pty(pty) = self
            && pty.hung_up
        {
            let mut fds = [PollFd::new(&pty.master, PollFlags::IN)];
            let looked = poll(&mut fds, Some(&NO_WAIT)).is_ok();
            let seen = fds[0].revents();
            pty.hung_up = !looked || (seen.contains(PollFlags::HUP) && !seen.contains(PollFlags::IN));
        }
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> PortRead {
        let read = match self {
            Self::Pty(pty) => pty.master.read(buffer),
            Self::Tcp(tcp) => {
                let Some(client) = &mut tcp.client else {
                    tcp.accept();
                    return PortRead::Nothing;
                };
                client.read(buffer)
            }
        };
        match read {
            Ok(count) if count > 0 => PortRead::Bytes(count),
            Err(error) if is_later(&error) => PortRead::Nothing,
            _ => {
                match self {
                    Self::Pty(pty) => pty.hung_up = true,
                    Self::Tcp(tcp) => tcp.client = None,
                }
                PortRead::HungUp
            }
        }
    }

    /// Writes what can be written now; says how much that was.
    pub(super) fn write(&mut self, bytes: &[u8]) -> usize {
        let written = match self {
            Self::Pty(pty) => pty.master.write(bytes),
            Self::Tcp(tcp) => tcp.client.as_mut().map_or(Ok(bytes.len()), |client| client.write(bytes)),
        };
        match written {
            Ok(count) => count,
            Err(error) if is_later(&error) => 0,
            // The client is gone; reading will notice. What it does not hear is lost.
            Err(_) => bytes.len(),
        }
    }
}

impl TcpPort {
    fn accept(&mut self) {
        if let Ok((client, _)) = self.listener.accept()
            && client.set_nonblocking(true).is_ok()
        {
            // Without it answers may wait for each other; with a failure they only come later.
            let _ = client.set_nodelay(true);
            self.client = Some(client);
        }
    }
}
