//! The pages in a real browser: a script that a person's hands could be clicks, types and follows links in them, and they are printed.
//!
//! Without Chromium these tests say so and prove nothing; with `EC20_DEMAND_CHROMIUM` set they fail.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::ec20::ec20;

/// The first of Chromium's names that this machine knows.
fn chromium() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    });
    if found.is_none() {
        assert!(std::env::var_os("EC20_DEMAND_CHROMIUM").is_none(), "no Chromium on this machine");
        eprintln!("skipped: no Chromium on this machine, nothing is proved about the pages in a browser");
    }
    found
}

/// Starts the browser without a window, with a profile of its own and nothing that calls home.
fn browser(chromium: &str, folder: &Path, words: &[&str]) -> Vec<u8> {
    let profile = format!("--user-data-dir={}", folder.join("profile").display());
    let output = Command::new("timeout")
        .args([
            "120",
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", &profile])
        .args(["--disable-dev-shm-usage", "--virtual-time-budget=2000"])
        .args(words)
        .output()
        .expect("the browser starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Opens a copy of the page in which `hands` act once it is there; gives back what they put into `seen`.
fn played(chromium: &str, folder: &Path, page: &str, hands: &str) -> Value {
    let script = format!(
        "(async () => {{ const seen = {{errors: []}}; \
         addEventListener('error', event => seen.errors.push(String(event.message))); \
         const settled = () => new Promise(done => setTimeout(done, 50)); \
         try {{ {hands} }} catch (error) {{ seen.errors.push(String(error)); }} \
         document.body.dataset.seen = JSON.stringify(seen); }})();"
    );
    // The page's policy lets no script run but the page's own: the hands need a leave of their own.
    let policy = ec20_suite::report::policy(Some(&script));
    let own = policy.split("script-src ").nth(1).and_then(|rest| rest.split(';').next()).expect("a script");
    let leave = page.replacen("script-src ", &format!("script-src {own} "), 1);
    assert_ne!(leave, page, "the page has no policy");
    let copy = folder.join("played.html");
    std::fs::write(&copy, leave.replace("</body>", &format!("<script>{script}</script></body>")))
        .expect("a copy");
    let dom = browser(chromium, folder, &["--dump-dom", &format!("file://{}", copy.display())]);
    let dom = String::from_utf8(dom).expect("a page is UTF-8");
    let seen = dom.split("data-seen=\"").nth(1).and_then(|rest| rest.split('"').next());
    let seen =
        seen.unwrap_or_else(|| panic!("the hands never came to an end: {dom}")).replace("&quot;", "\"");
    serde_json::from_str(&seen.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .expect("what was seen is JSON")
}

/// A case that the simulated module passes, and one that it cannot.
const CASES: [(&str, &str); 2] = [
    (
        "kept.atx",
        "---\nid = \"kept\"\ntitle = \"The context is told\"\nclauses = [\"CFG-CONTEXTID-QUERY\"]\n---\n> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",{id:int}\n< OK\n",
    ),
    (
        "wrong.atx",
        "---\nid = \"wrong\"\ntitle = \"The message centre is another\"\nclauses = [\"CFG-MMSC-QUERY\"]\n---\n> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"mmsc\",\"no.such.example\"\n< OK\n",
    ),
];

#[test]
fn the_report_opens_filters_follows_links_and_prints() {
    let Some(chromium) = chromium() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in CASES {
        std::fs::write(folder.path().join(name), text).expect("a transcript");
    }
    let files = CASES.map(|(name, _)| folder.path().join(name).display().to_string());
    let run = ec20(&["hil", "--port", "sim", "--report", "run", &files[0], &files[1]]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    let hands = r#"
        const shown = () => [...document.querySelectorAll('.case')].filter(e => !e.hidden).map(e => e.id);
        const check = mark => document.querySelector(`#filter [value=${mark}]`).click();
        const box = document.querySelector('#filter [type=search]');
        const type = text => { box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})); };
        const said = () => document.querySelector('output').textContent;
        const rows = id => [...document.querySelectorAll(`[id="${id}"] .dialogue tbody tr`)].map(e => e.className + ' ' + e.querySelector('.b').textContent + ' / ' + e.querySelector('.x').textContent);
        seen.open = [...document.querySelectorAll('.case[open]')].map(e => e.id);
        seen.wrong = rows('c-wrong');
        check('fail'); seen.failed = shown(); seen.said = said(); seen.hash = location.hash;
        check('fail'); seen.all = shown();
        type('contextid",1'); seen.by_bytes = shown();
        type('no-such-text'); seen.by_nothing = [shown(), said()];
        document.querySelector('#k-CFG-CONTEXTID-QUERY a.sign').click(); await settled();
        const kept = document.getElementById('c-kept');
        seen.followed = [kept.open, !kept.hidden, location.hash];
        seen.kept = rows('c-kept');
        location.hash = '#v=pass'; await settled(); seen.by_link = shown();
        seen.wide = document.documentElement.scrollWidth <= innerWidth;
        const named = e => e.textContent.trim() || e.getAttribute('aria-label') || e.placeholder || e.closest('label');
        seen.nameless = [...document.querySelectorAll('a, input, summary, th, caption')].filter(e => !named(e)).map(e => e.outerHTML);
        const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => +e.tagName[1]);
        seen.skipped = levels.filter((level, at) => at && level > levels[at - 1] + 1);
        seen.hands = document.querySelectorAll('[onclick], [tabindex]:not([tabindex="0"])').length;
    "#;
    let page = run.file("run/report.html");
    let seen = played(chromium, folder.path(), &page, hands);
    assert_eq!(seen["errors"], json!([]));
    assert_eq!(seen["open"], json!(["c-wrong"]), "what failed stands open");
    let wrong = seen["wrong"].as_array().expect("rows");
    assert!(
        wrong.iter().filter_map(Value::as_str).any(|row| {
            row.starts_with("in wrong") && row.ends_with("/ +QMMSCFG: \"mmsc\",\"no.such.example\"")
        }),
        "{wrong:?}"
    );
    assert_eq!(seen["failed"], json!(["c-wrong"]));
    assert_eq!((&seen["said"], &seen["hash"]), (&json!("1 of 2 cases"), &json!("#v=fail")));
    assert_eq!(seen["all"], json!(["c-wrong", "c-kept"]));
    assert_eq!(seen["by_bytes"], json!(["c-kept"]), "the bytes of a closed dialogue are found");
    assert_eq!(seen["by_nothing"], json!([[], "0 of 2 cases"]));
    assert_eq!(seen["followed"], json!([true, true, "#c-kept"]), "a link opens what the filter hid");
    assert!(seen["kept"].to_string().contains("+QMMSCFG: \\\"contextid\\\",{id:int}"), "{}", seen["kept"]);
    assert_eq!(seen["by_link"], json!(["c-kept"]));
    assert_eq!(seen["wide"], true, "nothing stands out at the side");
    assert_eq!(seen["nameless"], json!([]), "whoever listens to the page is told what each thing is");
    assert_eq!(seen["skipped"], json!([]), "headings go down one level at a time");
    assert_eq!(
        seen["hands"], 0,
        "what a mouse can do, the keyboard can: links, fields and folds, nothing made by hand"
    );
    printed(chromium, folder.path(), &run.folder.path().join("run/report.html"));
}

#[test]
fn the_grammar_opens_filters_follows_links_and_prints() {
    let Some(chromium) = chromium() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let page = ec20_hil::grammar_html::page().expect("the page can be made");
    let hands = r"
        const shown = () => [...document.querySelectorAll('.rule')].filter(e => !e.hidden).map(e => e.id);
        seen.all = shown().length;
        const box = document.getElementById('filter');
        box.value = 'qmmsend_write'; box.dispatchEvent(new Event('input', {bubbles: true}));
        seen.filtered = shown();
        document.querySelector('[id=qmmsend_write] svg a').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
        await settled();
        seen.followed = [location.hash, document.getElementById(location.hash.slice(1)).hidden];
        seen.pictures = [...document.querySelectorAll('svg.railroad')].every(e => e.getBoundingClientRect().width > 0);
    ";
    let seen = played(chromium, folder.path(), &page, hands);
    assert_eq!(seen["errors"], json!([]));
    let rules: std::collections::BTreeSet<_> = ec20_grammar::rules().iter().map(|rule| rule.name).collect();
    assert_eq!(seen["all"], rules.len());
    assert_eq!(
        seen["filtered"],
        json!(["qmmsend_write", "mms_command"]),
        "the rule and the one that names it"
    );
    assert_eq!(
        seen["followed"],
        json!(["#p_timeout", false]),
        "a picture's box leads to its rule, hidden or not"
    );
    assert_eq!(seen["pictures"], true);
    let file = folder.path().join("grammar.html");
    std::fs::write(&file, page).expect("the page");
    printed(chromium, folder.path(), &file);
}

/// The page goes onto paper.
#[track_caller]
fn printed(chromium: &str, folder: &Path, page: &Path) {
    let pdf = folder.join("printed.pdf");
    let words = [format!("--print-to-pdf={}", pdf.display()), format!("file://{}", page.display())];
    browser(chromium, folder, &[&words[0], &words[1]]);
    let bytes = std::fs::read(&pdf).expect("a print");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 10_000, "{} bytes", bytes.len());
}
