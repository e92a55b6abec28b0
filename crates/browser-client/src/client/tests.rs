//! The client in a world made for tests.

use crate::{ApiPrefix, Reuse, Sender, Settings, Storage};

pub(crate) fn settings() -> Settings {
    Settings {
        issuer: "http://localhost:1".into(),
        client_id: "spa".into(),
        redirect_uri: "http://app.test/callback".into(),
        scopes: vec!["openid".into(), "offline_access".into()],
        storage: Storage::Local,
        sender: Sender::Bearer,
        reuse: Reuse::Strict,
        apis: vec![ApiPrefix::new("http://localhost:1/api").unwrap()],
        namespace: "browser".into(),
        post_logout_redirect_uri: None,
    }
}
