//! Addresses that a module must reach through its carrier, and those it cannot.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use super::Check;

/// Why nothing on a carrier's network leads to an address.
pub(super) fn out_of_reach(address: IpAddr) -> Option<&'static str> {
    let address = match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    match address {
        _ if address.is_loopback() => Some("a loopback address: for the module that is the module itself"),
        _ if address.is_unspecified() => {
            Some("every address of this machine, and no module can be told that")
        }
        IpAddr::V4(four) => four_out_of_reach(four),
        IpAddr::V6(six) if six.is_unicast_link_local() => Some("an address of this link alone"),
        IpAddr::V6(six) if six.is_unique_local() => Some("a private address"),
        IpAddr::V6(_) => None,
    }
}

fn four_out_of_reach(four: Ipv4Addr) -> Option<&'static str> {
    let shared = four.octets()[0] == 100 && four.octets()[1] & 0xc0 == 64;
    match () {
        () if four.is_private() => Some("a private address"),
        () if shared => Some("an address behind somebody's carrier-grade NAT"),
        () if four.is_link_local() => Some("an address of this link alone"),
        () if four.is_documentation() => Some("an address that exists in documents only"),
        () => None,
    }
}

/// Whether anything can listen at `capture`, and whether a module reaches it there, if it is told so.
pub(super) fn capture(capture: SocketAddr, told_so: bool) -> Check {
    if let Err(error) = TcpListener::bind(capture) {
        let says = format!("nothing can listen at {capture}: {error}");
        let mend = "name an address of this machine and a free port, for example --capture 203.0.113.7:8002 with your own address";
        return Check::trouble("capture", "capture-not-listening", says, mend);
    }
    let Some(why) = out_of_reach(capture.ip()).filter(|_| told_so) else {
        return Check::good("capture", format!("the capture MMSC can listen at {capture}"));
    };
    let says = format!("{capture} is out of the carrier's reach: {why}");
    let mend = "the module comes from the carrier's network: listen at an address that the internet routes here, \
                forward a port of such an address, or use a private APN that leads to this machine";
    Check::trouble("capture", "capture-out-of-reach", says, mend)
}

/// The host of an MMSC's URL, as far as it is an address.
pub(super) fn host_address(url: &str) -> Option<IpAddr> {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?']).next()?;
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => authority.split(':').next()?,
    };
    host.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{host_address, out_of_reach};

    #[track_caller]
    fn reach(address: &str, why: Option<&str>) {
        let found = out_of_reach(address.parse().expect("an address"));
        match why {
            None => assert_eq!(found, None, "{address}"),
            Some(word) => assert!(found.is_some_and(|found| found.contains(word)), "{address}: {found:?}"),
        }
    }

    #[test]
    fn only_what_the_internet_routes_is_in_a_carriers_reach() {
        reach("127.0.0.1", Some("loopback"));
        reach("::1", Some("loopback"));
        reach("::ffff:127.0.0.1", Some("loopback"));
        reach("0.0.0.0", Some("every address"));
        reach("10.1.2.3", Some("private"));
        reach("172.31.0.1", Some("private"));
        reach("172.32.0.1", None);
        reach("192.168.1.5", Some("private"));
        reach("fd00::5", Some("private"));
        reach("100.64.0.1", Some("NAT"));
        reach("100.128.0.1", None);
        reach("169.254.3.4", Some("link"));
        reach("fe80::1", Some("link"));
        reach("203.0.113.7", Some("documents"));
        reach("93.184.216.34", None);
        reach("2606:2800:220:1::1", None);
    }

    #[test]
    fn the_host_of_a_url_is_found_wherever_it_stands() {
        for (url, wanted) in [
            ("http://127.0.0.1:8002/mms", Some("127.0.0.1")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("http://[::1]:80/", Some("::1")),
            ("mmsc.example/10.0.0.1", None),
            ("", None),
        ] {
            assert_eq!(host_address(url), wanted.map(|text| text.parse().expect("an address")), "{url}");
        }
    }
}
