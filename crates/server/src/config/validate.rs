//! What the values of a configuration mean together.

use super::{
    Config, DemoProvider, address,
    api::{self, Context},
    document::Document,
    duration,
    environment::Environment,
    error::Diagnostic,
    library, provider,
    schema::{File, MaybeSpanned, Refresh, Session},
};
use confidant_bff::{
    settings::{Secret, SessionSettings, Timing},
    store::{BadUrl, StoreUrl},
};
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use toml::Spanned;

const DEFAULT_LISTEN: &str = "127.0.0.1:3000";
const DEFAULT_STORE: &str = "sqlite:confidant.db";
const DEFAULT_DEMO_PROVIDER: &str = "127.0.0.1:4000";

/// Collects what is wrong while the rest is still being looked at.
pub(super) struct Diagnostics<'a> {
    document: &'a Document<'a>,
    found: Vec<Diagnostic>,
}

impl Diagnostics<'_> {
    /// Notes a diagnostic at this value.
    pub(super) fn report<T>(&mut self, value: &Spanned<T>, message: impl Into<String>) {
        self.found
            .push(self.document.diagnostic(Some(value.span()), message));
    }

    /// Notes that a key of the top level is missing.
    fn report_missing(&mut self, key: &str, expected: &str) {
        let mut diagnostic = self
            .document
            .diagnostic(None, format!("missing: {expected}"));
        key.clone_into(&mut diagnostic.key);
        self.found.push(diagnostic);
    }

    /// What the reading function makes of this value, or a diagnostic at it.
    pub(super) fn parse<T>(
        &mut self,
        value: &Spanned<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        parse(value.get_ref())
            .map_err(|message| self.report(value, message))
            .ok()
    }

    /// The same for a value that may be absent.
    pub(super) fn parse_optional<T>(
        &mut self,
        value: &MaybeSpanned<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.parse(value.as_ref()?, parse)
    }
}

/// Lowers the decoded file, or says everything that is wrong with it.
pub(super) fn validate(
    document: &Document<'_>,
    file: File,
    environment: &Environment,
    generate_secret: &dyn Fn() -> Secret,
) -> Result<Config, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics {
        document,
        found: Vec::new(),
    };
    let listen = match &file.listen {
        Some(value) => diagnostics.parse(value, address::listen),
        None => address::listen(DEFAULT_LISTEN).ok(),
    };
    let public_url = diagnostics.parse_optional(&file.public_url, address::origin);
    if file.public_url.is_none() {
        let expected = "expected the origin people reach the application at, \
                        such as \"https://app.example\"";
        diagnostics.report_missing("public_url", expected);
    }
    let store = match &file.store {
        Some(value) => diagnostics.parse(value, store),
        None => store(DEFAULT_STORE).ok(),
    };
    let key_file = key_file(&file, store.as_ref(), &mut diagnostics);
    let session = session(&file.session, &mut diagnostics);
    let timing = timing(&file.refresh, &mut diagnostics);
    let mut demo_provider = demo_provider(&file, &mut diagnostics).map(|listen| DemoProvider {
        listen,
        issuer: format!("http://{listen}"),
        client_secret: generate_secret(),
    });
    if file.providers.is_empty() {
        diagnostics.report_missing("providers", "expected at least one [[providers]]");
    }
    let provider_ids = distinct(
        &file.providers,
        "provider",
        |entry| &entry.id,
        &mut diagnostics,
    );
    let mut providers = Vec::new();
    for entry in file.providers {
        let entry = entry.into_inner();
        let lowered =
            provider::validate(entry, demo_provider.as_mut(), environment, &mut diagnostics);
        providers.extend(lowered);
    }
    distinct(&file.apis, "API", |entry| &entry.id, &mut diagnostics);
    let context = Context {
        ids: &provider_ids,
        providers: &providers,
        demo: file.demo,
    };
    let mut apis = Vec::new();
    for entry in file.apis {
        apis.extend(api::validate(
            entry.into_inner(),
            &context,
            &mut diagnostics,
        ));
    }
    let (
        true,
        Some(listen),
        Some(public_url),
        Some(store),
        Some(key_file),
        Some(session),
        Some(timing),
    ) = (
        diagnostics.found.is_empty(),
        listen,
        public_url,
        store,
        key_file,
        session,
        timing,
    )
    else {
        diagnostics
            .found
            .sort_by(|a, b| a.location.cmp(&b.location));
        return Err(diagnostics.found);
    };
    Ok(Config {
        listen,
        store,
        key_file,
        demo: file.demo,
        demo_provider,
        log_format: file.log_format,
        settings: {
            let mut settings = library::settings(public_url);
            settings.session = session;
            settings.providers = providers;
            settings.apis = apis;
            settings.timing = timing;
            settings.exchange_log = file.demo;
            settings
        },
    })
}

/// The ids of these entries. Two that a variable could not tell apart are a
/// diagnostic.
fn distinct<T>(
    entries: &[Spanned<T>],
    what: &str,
    id: impl Fn(&T) -> &Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    for entry in entries {
        let id = id(entry.get_ref());
        if !seen.insert(id.get_ref().replace('-', "_")) {
            diagnostics.report(
                id,
                format!("a second {what} with the id {:?}", id.get_ref()),
            );
        }
        ids.push(id.get_ref().clone());
    }
    ids
}

/// The store's file; what would be the default one's where it is no file.
pub(super) fn store_path(url: &StoreUrl) -> &Path {
    url.file().unwrap_or(Path::new("confidant.db"))
}

fn store(text: &str) -> Result<StoreUrl, String> {
    text.parse().map_err(|error: BadUrl| error.to_string())
}

/// In the demo the keys are made on the first run, beside the database.
fn key_file(
    file: &File,
    store: Option<&StoreUrl>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<PathBuf> {
    match &file.key_file {
        Some(path) if path.get_ref().is_empty() => {
            diagnostics.report(path, "is empty: expected the path of a file");
            None
        }
        Some(path) => Some(path.get_ref().into()),
        None if file.demo => Some(store_path(store?).with_extension("keys")),
        None => {
            let expected = "expected the path of the keys that seal tokens in the store \
                            (`confidant keygen` makes one)";
            diagnostics.report_missing("key_file", expected);
            None
        }
    }
}

/// A person waits for a token request at most this long before the page has to
/// say something.
const MAX_DEADLINE: Duration = Duration::from_secs(60);

fn timing(refresh: &Refresh, diagnostics: &mut Diagnostics<'_>) -> Option<Timing> {
    let timing = match &refresh.deadline {
        Some(value) => diagnostics.parse(value, deadline),
        None => Some(Timing::default()),
    };
    // Both are read before either is given up on.
    let ahead = match &refresh.ahead {
        Some(value) => diagnostics.parse(value, duration::parse).map(Some),
        None => Some(None),
    };
    let (timing, ahead) = (timing?, ahead?);
    Some(Timing {
        ahead: ahead.unwrap_or(timing.ahead),
        ..timing
    })
}

fn deadline(text: &str) -> Result<Timing, String> {
    let deadline = duration::parse(text)?;
    if deadline > MAX_DEADLINE {
        let longest = duration::format(MAX_DEADLINE);
        return Err(format!("{text:?} is too long: expected {longest} at most"));
    }
    Ok(Timing::with_deadline(deadline))
}

fn session(session: &Session, diagnostics: &mut Diagnostics<'_>) -> Option<SessionSettings> {
    let default = SessionSettings::default();
    let mut or_default = |value: &MaybeSpanned<String>, default: Duration| match value {
        Some(value) => diagnostics.parse(value, duration::parse),
        None => Some(default),
    };
    // Both are read before either is given up on.
    let idle = or_default(&session.idle, default.idle);
    let absolute = or_default(&session.absolute, default.absolute);
    let settings = SessionSettings {
        idle: idle?,
        absolute: absolute?,
    };
    if settings.idle <= settings.absolute {
        return Some(settings);
    }
    let message = format!(
        "a session cannot idle for {} when it lives for {}: expected idle to be at most absolute",
        duration::format(settings.idle),
        duration::format(settings.absolute)
    );
    if let Some(value) = session.idle.as_ref().or(session.absolute.as_ref()) {
        diagnostics.report(value, message);
    }
    None
}

fn demo_provider(file: &File, diagnostics: &mut Diagnostics<'_>) -> Option<SocketAddr> {
    match &file.demo_provider {
        Some(value) if !file.demo => {
            diagnostics.report(value, "has a meaning with demo = true only");
            None
        }
        Some(value) if value.get_ref() == "external" => None,
        Some(value) => diagnostics.parse(value, |text| {
            address::listen(text).map_err(|error| format!("{error}, or \"external\""))
        }),
        None if file.demo => address::listen(DEFAULT_DEMO_PROVIDER).ok(),
        None => None,
    }
}
