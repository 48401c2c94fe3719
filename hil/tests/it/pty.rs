//! A pseudo-terminal whose master side a test holds: whatever speaks there is, for the bench, a module on a serial device.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// The master side.
pub(crate) struct Pty {
    pub(crate) master: File,
    pub(crate) path: String,
    /// Held open so that the master does not hang up between two openings of the device.
    _keep: OwnedFd,
}

impl Pty {
    pub(crate) fn open() -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .expect("a pseudo-terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("its device");
        let path = ptsname(&master, Vec::new()).expect("its name").into_string().expect("a path in UTF-8");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let keep = rustix::fs::open(&path, flags, Mode::empty()).expect("its device opens");
        let mut raw = rustix::termios::tcgetattr(&keep).expect("terminal settings");
        raw.make_raw();
        rustix::termios::tcsetattr(&keep, rustix::termios::OptionalActions::Now, &raw)
            .expect("a raw terminal");
        Self { master: File::from(master), path, _keep: keep }
    }

    /// What arrives within the time; nothing when nothing does.
    pub(crate) fn read(&mut self, within: Duration) -> io::Result<Vec<u8>> {
        let time = Timespec::try_from(within).expect("a short time");
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut fds, Some(&time))? == 0 {
            return Ok(Vec::new());
        }
        let mut buffer = vec![0; 4096];
        let count = self.master.read(&mut buffer)?;
        buffer.truncate(count);
        Ok(buffer)
    }
}
