//! atat's digest: frames only, no values. Its state is the buffer, digested anew for each arrival.

#![allow(dead_code, reason = "the derived types are matched by name; nobody reads their values here")]

use atat::atat_derive::{AtatResp, AtatUrc};
use atat::{AtDigester, DigestResult, Digester};

#[derive(Clone, AtatResp)]
pub(crate) struct Sent {
    #[at_arg(position = 0)]
    pub(crate) err: u16,
    #[at_arg(position = 1)]
    pub(crate) httprsp: u16,
}

#[derive(Clone, AtatResp)]
pub(crate) struct Deactivated {
    #[at_arg(position = 0)]
    pub(crate) what: heapless::String<16>,
    #[at_arg(position = 1)]
    pub(crate) context: u8,
}

#[derive(Clone, AtatUrc)]
pub(crate) enum Urc {
    #[at_urc("+QMMSEND")]
    Sent(Sent),
    #[at_urc("+QIURC")]
    Deactivated(Deactivated),
    #[at_urc("RDY")]
    Ready,
    #[at_urc("POWERED DOWN")]
    PoweredDown,
}

/// Frames of the whole; returns how many responses and URCs there were.
pub(crate) fn frames(mut bytes: &[u8]) -> u32 {
    let mut digester = AtDigester::<Urc>::new();
    let mut count = 0;
    loop {
        let (result, consumed) = digester.digest(bytes);
        match result {
            DigestResult::Response(_) | DigestResult::Urc(_) => count += 1,
            DigestResult::None if consumed == 0 => return count,
            DigestResult::Prompt(_) | DigestResult::None => {}
        }
        bytes = &bytes[consumed..];
    }
}

pub(crate) fn chunked(bytes: &[u8], size: usize) -> u32 {
    let mut digester = AtDigester::<Urc>::new();
    let mut buffer: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut count = 0;
    for chunk in bytes.chunks(size) {
        crate::own::arrive(&mut buffer, chunk);
        loop {
            let (result, consumed) = digester.digest(&buffer);
            match result {
                DigestResult::Response(_) | DigestResult::Urc(_) => count += 1,
                DigestResult::Prompt(_) | DigestResult::None => {}
            }
            if consumed == 0 {
                break;
            }
            buffer.drain(..consumed);
        }
    }
    count
}
