//! The content policy of every HTML page: nothing is loaded from anywhere, and only the page's own script runs.
//!
//! A page shows text of modules and files. That text is escaped; the policy is the second wall, for the day on which an escape is
//! forgotten.

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

/// The policy of a page, for its `Content-Security-Policy` element; `script` is the text of the one script that may run.
///
/// ```
/// let policy = ec20_suite::report::policy(Some("start()"));
/// assert!(policy.starts_with("default-src 'none'; ") && policy.contains("script-src 'sha256-"));
/// ```
pub fn policy(script: Option<&str>) -> String {
    let script = script.map_or_else(
        || "'none'".to_owned(),
        |script| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(script.as_bytes()))),
    );
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'"
    )
}
