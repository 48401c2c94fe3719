//! What the operating system knows of a serial device: whose it is, who holds it, which function of which USB device it is.
//!
//! Everything is read below a root that is handed in, so that a test can put a whole machine into a folder. It opens no device.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// A machine, as its file system shows it.
#[derive(Debug, Clone)]
pub struct Machine {
    root: PathBuf,
}

/// A serial device that the machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Device {
    /// The path to open.
    pub path: String,
    /// The driver's name, if the system tells it.
    pub driver: Option<String>,
    /// Its place on the USB, if it is there.
    pub usb: Option<Usb>,
}

/// One function of a USB device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usb {
    /// Vendor, four hexadecimal digits.
    pub vendor: String,
    /// Product, four hexadecimal digits.
    pub product: String,
    /// What the device calls itself.
    pub name: Option<String>,
    /// Where it is plugged in: `1-1.4`.
    pub place: String,
    /// The number of the function's interface.
    pub interface: u8,
}

/// A process that has a device open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// Its name.
    pub name: String,
}

/// Who may open a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    /// Members of this group; whether the user is listed as one already.
    Group { name: String, listed: bool },
    /// Nobody but its owner.
    OwnerOnly,
}

impl Machine {
    /// This machine.
    pub fn this() -> Self {
        Self::below("/")
    }

    /// A machine whose `dev`, `proc`, `sys` and `etc` stand below `root`.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The processes that have the device at `path` open, but for this one.
    ///
    /// Of other users' processes the system shows nothing to a plain user: an empty list proves nothing.
    pub fn holders(&self, path: &str) -> Vec<Holder> {
        let device = fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
        let mut holders: Vec<Holder> = self
            .processes()
            .filter(|(pid, _)| *pid != std::process::id())
            .filter(|(_, folder)| {
                entries(&folder.join("fd")).any(|fd| fs::read_link(fd).is_ok_and(|target| target == device))
            })
            .map(|(pid, folder)| Holder { pid, name: name_of(&folder) })
            .collect();
        holders.sort_by_key(|holder| holder.pid);
        holders
    }

    /// Whether a process of this name runs.
    pub fn runs(&self, name: &str) -> bool {
        self.processes().any(|(_, folder)| name_of(&folder) == name)
    }

    fn processes(&self) -> impl Iterator<Item = (u32, PathBuf)> {
        entries(&self.root.join("proc"))
            .filter_map(|folder| Some((folder.file_name()?.to_str()?.parse().ok()?, folder)))
    }

    /// What the system knows of the device at `path`, whatever name it was given.
    pub fn device(&self, path: &str) -> Option<Device> {
        let real = fs::canonicalize(path).ok()?;
        let by_name = |path: &Path| {
            let name = path.file_name()?.to_str()?.to_owned();
            self.root.join("sys/class/tty").join(&name).exists().then_some(name)
        };
        let name = by_name(Path::new(path)).or_else(|| by_name(&real))?;
        Some(self.described(&name, path.to_owned()))
    }

    /// The serial devices of this machine that stand for hardware, by name.
    pub fn devices(&self) -> Vec<Device> {
        let mut names: Vec<String> = entries(&self.root.join("sys/class/tty"))
            .filter(|entry| is_hardware(entry))
            .filter_map(|entry| Some(entry.file_name()?.to_str()?.to_owned()))
            .collect();
        // ttyUSB2 before ttyUSB10.
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
            .into_iter()
            .map(|name| {
                let path = self.root.join("dev").join(&name).display().to_string();
                self.described(&name, path)
            })
            .collect()
    }

    /// Another function of the same USB device.
    pub fn sibling(&self, usb: &Usb, interface: u8) -> Option<Device> {
        self.devices().into_iter().find(|device| {
            device.usb.as_ref().is_some_and(|other| other.place == usb.place && other.interface == interface)
        })
    }

    fn described(&self, name: &str, path: String) -> Device {
        let entry = self.root.join("sys/class/tty").join(name);
        let device = fs::canonicalize(entry.join("device")).unwrap_or_default();
        let link = |folder: &Path| fs::canonicalize(folder.join("driver")).ok();
        let driver = device.ancestors().take(3).find_map(link);
        let driver = driver.and_then(|driver| Some(driver.file_name()?.to_str()?.to_owned()));
        Device { path, driver, usb: usb(&device) }
    }

    /// Which group's members may open a device with this group and mode, and whether `user` is listed among them.
    #[cfg(unix)]
    pub(super) fn access(&self, path: &str, user: Option<&str>) -> Option<Access> {
        use std::os::unix::fs::MetadataExt as _;
        let meta = fs::metadata(path).ok()?;
        let groups = fs::read_to_string(self.root.join("etc/group")).unwrap_or_default();
        Some(may_open(meta.mode(), meta.gid(), &groups, user))
    }

    /// Elsewhere there are no groups.
    #[cfg(not(unix))]
    pub(super) fn access(&self, _path: &str, _user: Option<&str>) -> Option<Access> {
        None
    }
}

fn may_open(mode: u32, gid: u32, groups: &str, user: Option<&str>) -> Access {
    const GROUP_READS_AND_WRITES: u32 = 0o060;
    // Whoever is in the group of root may do far more than open a port.
    if mode & GROUP_READS_AND_WRITES != GROUP_READS_AND_WRITES || gid == 0 {
        return Access::OwnerOnly;
    }
    let line = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let known = line.into_iter().find(|fields| fields.get(2).is_some_and(|id| id.parse() == Ok(gid)));
    let name =
        known.as_ref().and_then(|fields| fields.first()).map_or(gid.to_string(), |name| (*name).to_owned());
    let members = known.as_ref().and_then(|fields| fields.get(3)).copied().unwrap_or_default();
    let listed = user.is_some_and(|user| members.split(',').any(|member| member == user));
    Access::Group { name, listed }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path())
}

fn name_of(process: &Path) -> String {
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    name.trim_end().to_owned()
}

/// Whether an entry of `/sys/class/tty` stands for hardware: it has a device, and is no socket of a board that nobody soldered in.
fn is_hardware(entry: &Path) -> bool {
    let absent = fs::read_to_string(entry.join("type")).is_ok_and(|kind| kind.trim() == "0");
    entry.join("device").exists() && !absent
}

fn usb(device: &Path) -> Option<Usb> {
    let text = |folder: &Path, file: &str| {
        fs::read_to_string(folder.join(file)).ok().map(|text| text.trim().to_owned())
    };
    let function = device.ancestors().find(|folder| folder.join("bInterfaceNumber").exists())?;
    let interface = u8::from_str_radix(&text(function, "bInterfaceNumber")?, 16).ok()?;
    let whole = function.ancestors().find(|folder| folder.join("idVendor").exists())?;
    Some(Usb {
        vendor: text(whole, "idVendor")?,
        product: text(whole, "idProduct")?,
        name: text(whole, "product"),
        place: whole.file_name()?.to_str()?.to_owned(),
        interface,
    })
}

#[cfg(test)]
mod tests {
    use super::{Access, may_open};

    #[track_caller]
    fn opens(mode: u32, user: &str, wanted: &Access) {
        let groups = "root:x:0:\ndialout:x:20:ann,ben\nuucp:x:10:\n";
        assert_eq!(&may_open(mode, 20, groups, Some(user)), wanted, "{mode:o} {user}");
    }

    #[test]
    fn the_group_that_would_give_permission_is_named() {
        let group = |listed| Access::Group { name: "dialout".to_owned(), listed };
        opens(0o020_660, "cid", &group(false));
        opens(0o020_660, "ben", &group(true));
        opens(0o020_600, "ben", &Access::OwnerOnly);
        assert_eq!(
            may_open(0o660, 0, "root:x:0:", None),
            Access::OwnerOnly,
            "nobody is sent into root's group"
        );
        assert_eq!(
            may_open(0o660, 99, "", None),
            Access::Group { name: "99".to_owned(), listed: false },
            "a group without a name goes by its number"
        );
    }
}
