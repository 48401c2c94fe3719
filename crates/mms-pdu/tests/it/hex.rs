//! Octets written down: pairs of hex digits, and texts in single quotes, blanks wherever they help.

/// `"8C80 98 'T1' 00"` as octets.
#[track_caller]
pub(crate) fn octets(written: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for (index, piece) in written.split('\'').enumerate() {
        if index % 2 == 1 {
            octets.extend_from_slice(piece.as_bytes());
            continue;
        }
        let digits: Vec<u32> = piece
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(16).unwrap_or_else(|| panic!("{c:?} is no hex digit")))
            .collect();
        assert!(digits.len().is_multiple_of(2), "half an octet in {piece:?}");
        octets.extend(digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()));
    }
    octets
}

/// An M-Send.req around some headers: type, id, version and sender in front, one text as the body.
pub(crate) fn around(headers: &str) -> Vec<u8> {
    octets(&format!("8C80 98'T1'00 8D90 890181 97'1/TYPE=PLMN'00 {headers} 8483 'hi'"))
}
