//! Who is there: asked before the first case, and again whenever the module was gone.
//!
//! It knows what a module is told apart by. A run holds the verdicts on one module: it does not know what to do with another.

use super::wire::Wire;
use crate::journal::Identity;

/// Asks who is there; silence or an error is an answer too.
pub(super) async fn asked(wire: &mut Wire) -> Identity {
    Identity {
        ati: wire.ask(b"ATI").await.information,
        qgmr: wire.ask(b"AT+QGMR").await.information.into_iter().next(),
        cgsn: wire.ask(b"AT+CGSN").await.information.into_iter().next(),
        shown: false,
    }
}

/// Why the module that is there now is not the one that was there before, if it is not. It is asked twice before that is said: a boot line
/// may have spoilt the first answer. What either of them did not tell, tells nothing.
pub(super) async fn another(wire: &mut Wire, before: &Identity) -> Option<String> {
    let now = asked(wire).await;
    difference(before, &now)?;
    let now = asked(wire).await;
    difference(before, &now)
}

fn difference(before: &Identity, now: &Identity) -> Option<String> {
    let lines = |identity: &Identity| (!identity.ati.is_empty()).then(|| identity.ati.join(" / "));
    let told = [
        ("AT+CGSN", before.cgsn.clone(), now.cgsn.clone()),
        ("AT+QGMR", before.qgmr.clone(), now.qgmr.clone()),
        ("ATI", lines(before), lines(now)),
    ];
    told.into_iter().find_map(|(command, before, now)| {
        let (before, now) = before.zip(now).filter(|(before, now)| before != now)?;
        Some(format!(
            "another module answers than at the beginning: {command} said {before}, now it says {now}"
        ))
    })
}
