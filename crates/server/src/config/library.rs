//! The library's settings, as this server uses it: its own cookie names and
//! metric prefix, and the pages of its application.

use confidant_bff::settings::{Names, Paths, Settings};
use url::Url;

/// Returns settings without providers and APIs.
pub(super) fn settings(public_url: Url) -> Settings {
    let mut settings = Settings::new(public_url);
    settings.names = Names {
        session_cookie: "__Host-Http-confidant".to_owned(),
        login_cookie: "__Host-Http-confidant-login".to_owned(),
        metric_prefix: "confidant".to_owned(),
        user_agent: concat!("confidant/", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    settings.paths = Paths {
        after_login: "/{kind}/menu".to_owned(),
        after_refresh: "/bff/manual_refresh".to_owned(),
        after_expire: "/bff/automatic_refresh".to_owned(),
        after_logout: "/?signed_out={provider}".to_owned(),
        // The application draws the callback page.
        serve_callback: false,
        ..Paths::default()
    };
    settings
}
