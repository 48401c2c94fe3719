//! What is asked of a module that answers, in the order of the manual's section 1.2, and after it the addresses of its section 1.1.

use ec20_at::fields::{Fields, Value};
use ec20_manual::Catalogue;
use ec20_suite::journal::Identity;

use super::dialogue::{Answer, Dialogue};
use super::{Check, Plan, State, reach};
use crate::port::Trouble;

/// The context that a module uses for messages until it is told another one.
const FIRST_CONTEXT: u32 = 1;

/// How many contexts may be active at once.
const ACTIVE_AT_ONCE: usize = 3;

/// Makes all checks.
///
/// # Errors
/// The port has failed; the checks made until then stand.
pub(super) fn all(on: &mut Dialogue, plan: &Plan, checks: &mut Vec<Check>) -> Result<(), Trouble> {
    checks.push(module(on, plan)?);
    let sim = sim(&on.ask("AT+CPIN?")?).by("1.2.1");
    let card = sim.state != State::Trouble;
    checks.push(sim);
    let attached = on.ask("AT+CGATT?")?;
    let registered = registration(on, card)?.by("1.2.2, 2");
    checks.push(attach(&attached, card, &registered).by("1.2.2, 1"));
    let reaches_network = registered.state != State::Trouble && registered.state != State::Open;
    checks.push(registered);
    let context = context(on)?;
    let mms = context.is_ok();
    let (context, refusal) =
        context.map_or_else(|refusal| (FIRST_CONTEXT, refusal), |id| (id, String::new()));
    checks.push(apn(&on.ask(&format!("AT+QICSGP={context}"))?, context, plan).by("1.2.2, 3"));
    let network = card && reaches_network;
    contexts(on, context, network, plan.radio, checks)?;
    if mms {
        checks.push(mmsc(&on.ask("AT+QMMSCFG=\"mmsc\"")?, plan).by("1.1, step 2"));
        checks.push(proxy(&on.ask("AT+QMMSCFG=\"proxy\"")?, plan).by("1.1, step 2"));
    } else if card {
        checks.push(
            Check::trouble(
                "mmsc",
                "mms-refused",
                format!("the module refuses its MMS commands: AT+QMMSCFG=\"contextid\" came to {refusal}"),
                "restart the module; a firmware without the MMS application answers like this too",
            )
            .by("1.2.1"),
        );
    } else {
        checks.push(
            Check::open("mmsc", "the module refuses its MMS commands while no card is ready").by("1.2.1"),
        );
    }
    Ok(())
}

fn module(on: &mut Dialogue, plan: &Plan) -> Result<Check, Trouble> {
    let ati = on.ask("ATI")?.lines;
    let qgmr = on.ask("AT+QGMR")?.lines.first().cloned();
    let mut words: Vec<&str> = ati.iter().map(String::as_str).collect();
    words.extend(qgmr.as_deref());
    let says = if words.is_empty() { "does not say what it is".to_owned() } else { words.join(", ") };
    let is_ec20 = words.iter().any(|word| word.contains("EC20"));
    let cgsn = match plan.expected.imei {
        Some(_) => on.ask("AT+CGSN")?.lines.first().cloned(),
        None => None,
    };
    if let Some(why) = plan.expected.differs(&Identity { ati, qgmr, cgsn, shown: false }) {
        let mend =
            "is this the port of the module that the bench file names? A run on this bench would refuse it";
        return Ok(Check::trouble("module", "wrong-module", format!("this is another module: {why}"), mend));
    }
    if is_ec20 {
        return Ok(Check::good("module", says));
    }
    let mend = "the suite asks what the EC20's manual promises: is this the module that you mean?";
    Ok(Check::note("module", "another-module", says, mend))
}

/// The state of the card. Whether a plain ERROR hides a number, nobody can tell: it is taken for the commonest.
fn sim(answer: &Answer) -> Check {
    let state = answer.behind("+CPIN:");
    let number = answer.cme().or_else(|| by_text(answer));
    match (state, number) {
        (Some("READY"), _) => Check::good("sim", "the SIM card is ready"),
        (Some("SIM PIN"), _) | (_, Some(11)) => Check::trouble(
            "sim",
            "sim-pin",
            "the SIM card wants its PIN",
            "AT+CPIN=\"PIN\" in a terminal program, after every start; or switch the PIN off for good in a phone. Three wrong \
             ones lock the card",
        ),
        (Some("SIM PUK"), _) | (_, Some(12)) => Check::trouble(
            "sim",
            "sim-puk",
            "the SIM card is locked and wants its PUK",
            "the PUK stands in the papers of the card: AT+CPIN=\"PUK\",\"new PIN\", or in a phone. Ten wrong ones end the card",
        ),
        (Some("SIM PIN2" | "SIM PUK2"), _) => {
            Check::good("sim", "the SIM card is ready (its second PIN is wanted, which no message needs)")
        }
        (Some(lock), _) if lock.starts_with("PH-") => Check::trouble(
            "sim",
            "sim-locked",
            format!("the module is locked to another card or network ({lock})"),
            "use the card it is locked to, or have it unlocked by who sold it",
        ),
        (_, Some(14)) | (Some("NOT READY"), _) => Check::trouble(
            "sim",
            "sim-busy",
            "the SIM card is not ready yet",
            "wait ten seconds and ask again; a card that stays busy sits badly in its holder",
        ),
        (_, Some(13 | 15)) => Check::trouble(
            "sim",
            "sim-failure",
            format!("the SIM card does not work: {}", answer.quoted()),
            "clean its contacts, try it in a phone; a bad supply shows like this too",
        ),
        (None, None) if answer.result.is_none() => Check::open("sim", "AT+CPIN? was not answered"),
        _ => Check::trouble(
            "sim",
            "sim-missing",
            format!("no SIM card is found: AT+CPIN? came to {}", answer.quoted()),
            "put a card in, contacts first, and restart the module; does the board route the card to the module?",
        ),
    }
}

/// The number of a `+CME ERROR` that came as text.
fn by_text(answer: &Answer) -> Option<u16> {
    let text = answer.result.as_ref()?.strip_prefix("+CME ERROR:")?.trim();
    let codes = &Catalogue::manual().codes().generic;
    codes.iter().find(|code| code.text.eq_ignore_ascii_case(text)).map(|code| code.code)
}

fn attach(answer: &Answer, card: bool, registered: &Check) -> Check {
    match (answer.behind("+CGATT:"), card) {
        (Some("1"), _) => Check::good("attach", "attached to packet service"),
        (_, false) => Check::open("attach", "not attached, which takes a SIM card"),
        (Some("0"), true) if registered.state == State::Trouble => Check::trouble(
            "attach",
            "not-attached",
            "not attached to packet service",
            "mend the registration first (next line); attaching follows by itself",
        ),
        (Some("0"), true) => Check::trouble(
            "attach",
            "not-attached",
            "not attached to packet service",
            "AT+CGATT=1 in a terminal program; when it is refused, ask the carrier whether the card has data service",
        ),
        _ => Check::open("attach", format!("AT+CGATT? came to {}", answer.quoted())),
    }
}

/// The state in a line like `+CGREG: 0,1`: the second number, or the only one.
fn registration_state(answer: &Answer, name: &str) -> Option<u32> {
    let line = answer.lines.iter().find(|line| line.starts_with(name))?;
    let numbers: Vec<u32> = Fields::behind(line.as_bytes(), format!("{name}: ").as_bytes())
        .ok()?
        .map_while(|value| match value {
            Ok(Value::Number(number)) => Some(number),
            _ => None,
        })
        .collect();
    numbers.get(1).or_else(|| numbers.first()).copied()
}

fn registration(on: &mut Dialogue, card: bool) -> Result<Check, Trouble> {
    let packet = on.ask("AT+CGREG?")?;
    let state = registration_state(&packet, "+CGREG");
    if state == Some(1) {
        return Ok(Check::good("registration", "registered at home"));
    }
    if state == Some(5) {
        let mend = "a message may cost more here";
        return Ok(Check::note("registration", "roaming", "registered, roaming", mend));
    }
    let lte = on.ask("AT+CEREG?")?;
    if matches!(registration_state(&lte, "+CEREG"), Some(1 | 5)) {
        return Ok(Check::good(
            "registration",
            "registered on LTE (AT+CEREG?; AT+CGREG? speaks of 2G and 3G only)",
        ));
    }
    if !card {
        return Ok(Check::open("registration", "not registered, which takes a SIM card"));
    }
    let functionality = on.ask("AT+CFUN?")?;
    if let Some(level @ ("0" | "4")) = functionality.behind("+CFUN:") {
        let says = format!("the radio is switched off (+CFUN: {level})");
        return Ok(Check::trouble("registration", "radio-off", says, "AT+CFUN=1 in a terminal program"));
    }
    let signal = on.ask("AT+CSQ")?;
    let deaf = signal.behind("+CSQ:").is_some_and(|signal| signal.starts_with("99,"));
    let antenna =
        if deaf { " No signal is heard (+CSQ: 99): is the antenna on its main socket?" } else { "" };
    Ok(match state {
        Some(0) => Check::trouble(
            "registration",
            "not-searching",
            "not registered, and not searching",
            format!("AT+COPS=0 lets the module look for a network by itself.{antenna}"),
        ),
        Some(2) => Check::trouble(
            "registration",
            "searching",
            "searching for a network",
            format!("wait two minutes and ask again; a first search takes that long.{antenna}"),
        ),
        Some(3) => Check::trouble(
            "registration",
            "denied",
            "the network denies registration",
            "is the card active and paid for? May it use this network, and this module's IMEI?",
        ),
        Some(_) => Check::trouble(
            "registration",
            "unknown",
            format!("the module does not know whether it is registered ({})", packet.quoted()),
            format!("out of coverage? Ask again in a minute.{antenna}"),
        ),
        None => Check::open("registration", format!("AT+CGREG? came to {}", packet.quoted())),
    })
}

/// The context that messages use, or what came instead of its number.
fn context(on: &mut Dialogue) -> Result<Result<u32, String>, Trouble> {
    let answer = on.ask("AT+QMMSCFG=\"contextid\"")?;
    let id = answer.behind("+QMMSCFG: \"contextid\",").and_then(|id| id.parse().ok());
    Ok(id.ok_or_else(|| answer.quoted()))
}

/// The string at `at`, from 0, of the line with this name.
fn string(answer: &Answer, name: &str, at: usize) -> Option<String> {
    let line = answer.lines.iter().find(|line| line.starts_with(name))?;
    let fields = Fields::behind(line.as_bytes(), format!("{name}: ").as_bytes()).ok()?;
    match fields.map_while(Result::ok).nth(at)? {
        Value::String(text) | Value::Word(text) => Some(String::from_utf8_lossy(text).into_owned()),
        Value::Number(number) => Some(number.to_string()),
    }
}

fn apn(answer: &Answer, context: u32, plan: &Plan) -> Check {
    if let Some(told) = plan.told("apn") {
        return Check::good("apn", format!("the run will give context {context} the APN {told}"));
    }
    match string(answer, "+QICSGP", 1) {
        Some(apn) if !apn.is_empty() => Check::good("apn", format!("context {context} has the APN {apn}")),
        _ if !answer.ok => Check::open("apn", format!("AT+QICSGP={context} came to {}", answer.quoted())),
        _ => Check::trouble(
            "apn",
            "apn-unset",
            format!("context {context}, which messages use, has no APN"),
            format!(
                "a run sets it when told: --set apn=NAME; by hand AT+QICSGP={context},1,\"NAME\",\"user\",\"password\",1"
            ),
        ),
    }
}

/// The numbers of the contexts that a list calls active.
fn active(answer: &Answer, name: &str) -> Vec<u32> {
    let prefix = format!("{name}: ");
    let row = |line: &String| {
        let mut fields = Fields::behind(line.as_bytes(), prefix.as_bytes()).ok()?;
        let (context, state) = (fields.number().ok()?, fields.number().ok()?);
        (state == 1).then_some(context)
    };
    answer.lines.iter().filter_map(row).collect()
}

/// Who holds contexts, how many are active, and whether ours is.
fn contexts(
    on: &mut Dialogue,
    context: u32,
    network: bool,
    radio: bool,
    checks: &mut Vec<Check>,
) -> Result<(), Trouble> {
    let defined = on.ask("AT+CGACT?")?;
    let sockets = on.ask("AT+QIACT?")?;
    let (elsewhere, ours) = (active(&defined, "+CGACT"), active(&sockets, "+QIACT"));
    let taken = elsewhere.contains(&context) && !ours.contains(&context);
    let held = if taken {
        held_elsewhere(on, context)?
    } else {
        Check::good("holder", format!("neither PPP nor AT+CGACT holds context {context}"))
    };
    checks.push(held.by("1.2.2, 4"));
    let mut all: Vec<u32> = elsewhere.iter().chain(&ours).copied().collect();
    all.sort_unstable();
    all.dedup();
    let full = all.len() >= ACTIVE_AT_ONCE && !all.contains(&context);
    checks.push(
        if full {
            let listed: Vec<String> = all.iter().map(u32::to_string).collect();
            Check::trouble(
                "room",
                "three-active",
                format!(
                    "the contexts {} are active, and no more than {ACTIVE_AT_ONCE} can be",
                    listed.join(", ")
                ),
                "deactivate one that nobody needs: AT+QIDEACT=n",
            )
        } else {
            Check::good("room", format!("{} of {ACTIVE_AT_ONCE} possible contexts are active", all.len()))
        }
        .by("1.2.2, 5"),
    );
    let mine = if ours.contains(&context) {
        let address = sockets.lines.iter().find(|line| line.starts_with(&format!("+QIACT: {context},")));
        let address = address.and_then(|line| line.split('"').nth(1)).unwrap_or("no address");
        Check::good("context", format!("context {context} is active, {address}"))
    } else if network && radio {
        Check::good("context", format!("context {context} is not active; the run may activate it"))
    } else if network {
        Check::trouble(
            "context",
            "context-inactive",
            format!("context {context}, which messages use, is not active"),
            format!(
                "a run activates it when allowed: --allow radio; by hand AT+QIACT={context}. Refused although all above is good: \
                 restart the module once, and then check three times, ten minutes apart, before restarting it again"
            ),
        )
    } else {
        Check::open("context", format!("context {context} is not active, which takes a network"))
    };
    checks.push(mine.by("1.2.2"));
    Ok(())
}

/// A context that is active, but not by `AT+QIACT`. On LTE the first one always is: the network wants it so.
fn held_elsewhere(on: &mut Dialogue, context: u32) -> Result<Check, Trouble> {
    let network = on.ask("AT+COPS?")?;
    let lte = network.behind("+COPS:").is_some_and(|line| line.ends_with(",7"));
    let says = format!("context {context} is active, and not by AT+QIACT: PPP or AT+CGACT holds it");
    Ok(if lte && context == FIRST_CONTEXT {
        Check::note(
            "holder",
            "context-of-lte",
            format!("context {context} is the one that LTE itself keeps active"),
            format!("when AT+QIACT={context} is refused, use another context for messages: --set context=2"),
        )
    } else {
        let mend = format!(
            "end the PPP connection, or AT+CGACT=0,{context}; or use another context for messages: --set context=n"
        );
        Check::trouble("holder", "context-taken", says, mend)
    })
}

fn mmsc(answer: &Answer, plan: &Plan) -> Check {
    let set = string(answer, "+QMMSCFG", 1);
    let Some(set) = set else {
        return Check::open("mmsc", format!("AT+QMMSCFG=\"mmsc\" came to {}", answer.quoted()));
    };
    // What a run tells the module takes the place of what is set.
    let (url, says) = match (plan.told("mmsc"), plan.capture, set.is_empty()) {
        (Some(told), ..) => (told, format!("the run will tell it the MMSC {told}")),
        (None, Some(capture), _) => {
            return Check::good("mmsc", format!("the run will tell it the capture MMSC at {capture}"));
        }
        (None, None, false) => (set.as_str(), format!("messages go to {set}")),
        (None, None, true) => {
            return Check::trouble(
                "mmsc",
                "mmsc-unset",
                "no MMSC is set: the module does not know where messages go",
                "the carrier's, when told: --set mmsc=URL; or a capture MMSC of your own: --capture ADDRESS:PORT",
            );
        }
    };
    match reach::host_address(url).and_then(reach::out_of_reach) {
        Some(why) => Check::trouble(
            "mmsc",
            "mmsc-out-of-reach",
            format!("{says}, which is {why}"),
            "set the carrier's: --set mmsc=URL; an address of your own must be one that the internet routes here",
        ),
        None => Check::good("mmsc", says),
    }
}

/// How modules print that no gateway is set.
const NO_GATEWAY: [&str; 2] = ["", "0.0.0.0"];

fn proxy(answer: &Answer, plan: &Plan) -> Check {
    let set = string(answer, "+QMMSCFG", 1);
    let Some(set) = set else {
        return Check::open("proxy", format!("AT+QMMSCFG=\"proxy\" came to {}", answer.quoted()));
    };
    let (gateway, says) = match (plan.told("proxy"), plan.capture, NO_GATEWAY.contains(&set.as_str())) {
        (Some(told), ..) => (told, format!("the run will tell it the proxy {told}")),
        (None, Some(capture), _) => {
            return Check::good(
                "proxy",
                format!("the run will tell it the capture MMSC at {capture} as its proxy"),
            );
        }
        (None, None, false) => (set.as_str(), format!("through the proxy {set}")),
        (None, None, true) => {
            return Check::note(
                "proxy",
                "proxy-unset",
                "no proxy is set",
                "many carriers' MMSC is reached only through one: --set proxy=ADDRESS --set port=PORT",
            );
        }
    };
    // Carriers' own gateways have private addresses: only what no network leads to is wrong for certain.
    let why = reach::host_address(gateway).and_then(reach::out_of_reach);
    match why.filter(|why| !why.contains("private") && !why.contains("NAT")) {
        Some(why) => Check::trouble(
            "proxy",
            "proxy-out-of-reach",
            format!("{says}, which is {why}"),
            "set the carrier's: --set proxy=ADDRESS --set port=PORT",
        ),
        None => Check::good("proxy", says),
    }
}
