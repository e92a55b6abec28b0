//! The worker's script, with its settings in it.

use crate::{SERVICE_WORKER, Settings};
use serde_json::json;

/// The script to serve to browsers as `text/javascript`. The settings are part
/// of it, because whatever a page says may come from a hostile script in it.
///
/// A worker has the content policy of its own answer: it needs `connect-src`
/// for the provider and the APIs.
pub fn service_worker(settings: &Settings) -> String {
    let apis: Vec<_> = settings.apis.iter().map(|api| api.as_str()).collect();
    let settings = json!({
        "issuer": settings.issuer,
        "client_id": settings.client_id,
        "redirect_uri": settings.redirect_uri,
        "scopes": settings.scopes,
        "apis": apis,
    });
    format!("const SETTINGS = {settings};\n{SERVICE_WORKER}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::settings;

    #[test]
    fn the_settings_come_first_and_cannot_break_out() {
        let mut settings = settings();
        settings.client_id = "a\"};\n//".into();
        let script = service_worker(&settings);
        let (first, rest) = script.split_once('\n').unwrap();
        let json = first
            .strip_prefix("const SETTINGS = ")
            .and_then(|rest| rest.strip_suffix(';'))
            .unwrap();
        let read: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(read["client_id"], settings.client_id);
        assert_eq!(rest, SERVICE_WORKER);
    }

    #[test]
    fn the_worker_keeps_tokens_in_memory_only() {
        for storage in ["indexedDB", "localStorage", "caches.", "console."] {
            assert!(!SERVICE_WORKER.contains(storage), "{storage}");
        }
    }
}
