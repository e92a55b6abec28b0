//! What the values of a configuration mean together.

use super::{
    Config, DemoProvider, address,
    api::{self, Beside},
    document::Document,
    duration,
    environment::Environment,
    fault::Fault,
    provider,
    schema::{File, Placed, Refresh, Session},
};
use confidant_bff::{
    refresh::Timing,
    settings::{Secret, SessionSettings, Settings},
    store::{BadUrl, StoreUrl},
};
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use toml::Spanned;

const LISTEN: &str = "127.0.0.1:3000";
const STORE: &str = "sqlite:confidant.db";
const DEMO_PROVIDER: &str = "127.0.0.1:4000";

/// Collects what is wrong while the rest is still being looked at.
pub(super) struct Faults<'a> {
    document: &'a Document<'a>,
    found: Vec<Fault>,
}

impl Faults<'_> {
    /// Notes a fault at this value.
    pub(super) fn at<T>(&mut self, value: &Spanned<T>, message: impl Into<String>) {
        self.found
            .push(self.document.fault(Some(value.span()), message));
    }

    /// Notes that a key of the top level is missing.
    fn missing(&mut self, key: &str, expected: &str) {
        let mut fault = self.document.fault(None, format!("missing: {expected}"));
        key.clone_into(&mut fault.key);
        self.found.push(fault);
    }

    /// What the reading function makes of this value, or a fault at it.
    pub(super) fn read<T>(
        &mut self,
        value: &Spanned<String>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        read(value.get_ref())
            .map_err(|message| self.at(value, message))
            .ok()
    }

    /// The same for a value that may be absent.
    pub(super) fn read_if<T>(
        &mut self,
        value: &Placed<String>,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.read(value.as_ref()?, read)
    }
}

/// Lowers the decoded file, or says everything that is wrong with it.
pub(super) fn check(
    document: &Document<'_>,
    file: File,
    environment: &Environment,
    draw_secret: &dyn Fn() -> Secret,
) -> Result<Config, Vec<Fault>> {
    let mut faults = Faults {
        document,
        found: Vec::new(),
    };
    let listen = match &file.listen {
        Some(value) => faults.read(value, address::listen),
        None => address::listen(LISTEN).ok(),
    };
    let public_url = faults.read_if(&file.public_url, address::origin);
    if file.public_url.is_none() {
        let expected = "expected the origin people reach the application at, \
                        such as \"https://app.example\"";
        faults.missing("public_url", expected);
    }
    let store = match &file.store {
        Some(value) => faults.read(value, store),
        None => store(STORE).ok(),
    };
    let key_file = key_file(&file, store.as_ref(), &mut faults);
    let session = session(&file.session, &mut faults);
    let timing = timing(&file.refresh, &mut faults);
    let mut demo_provider = demo_provider(&file, &mut faults).map(|listen| DemoProvider {
        listen,
        issuer: format!("http://{listen}"),
        client_secret: draw_secret(),
    });
    if file.providers.is_empty() {
        faults.missing("providers", "expected at least one [[providers]]");
    }
    let provider_ids = distinct(&file.providers, "provider", |entry| &entry.id, &mut faults);
    let mut providers = Vec::new();
    for entry in file.providers {
        let entry = entry.into_inner();
        let lowered = provider::check(entry, demo_provider.as_mut(), environment, &mut faults);
        providers.extend(lowered);
    }
    distinct(&file.apis, "API", |entry| &entry.id, &mut faults);
    let beside = Beside {
        ids: &provider_ids,
        providers: &providers,
        demo: file.demo,
    };
    let mut apis = Vec::new();
    for entry in file.apis {
        apis.extend(api::check(entry.into_inner(), &beside, &mut faults));
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
        faults.found.is_empty(),
        listen,
        public_url,
        store,
        key_file,
        session,
        timing,
    )
    else {
        faults.found.sort_by(|a, b| a.place.cmp(&b.place));
        return Err(faults.found);
    };
    Ok(Config {
        listen,
        store,
        key_file,
        demo: file.demo,
        demo_provider,
        log_format: file.log_format,
        timing,
        settings: Settings {
            public_url,
            session,
            providers,
            apis,
            record: file.demo,
        },
    })
}

/// The ids of these entries. Two that a variable could not tell apart are a
/// fault.
fn distinct<T>(
    entries: &[Spanned<T>],
    what: &str,
    id: impl Fn(&T) -> &Spanned<String>,
    faults: &mut Faults<'_>,
) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    for entry in entries {
        let id = id(entry.get_ref());
        if !seen.insert(id.get_ref().replace('-', "_")) {
            faults.at(
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
fn key_file(file: &File, store: Option<&StoreUrl>, faults: &mut Faults<'_>) -> Option<PathBuf> {
    match &file.key_file {
        Some(path) if path.get_ref().is_empty() => {
            faults.at(path, "is empty: expected the path of a file");
            None
        }
        Some(path) => Some(path.get_ref().into()),
        None if file.demo => Some(store_path(store?).with_extension("keys")),
        None => {
            let expected = "expected the path of the keys that seal tokens in the store \
                            (`confidant keygen` makes one)";
            faults.missing("key_file", expected);
            None
        }
    }
}

/// A person waits for a token request at most this long before the page has to
/// say something.
const LONGEST_DEADLINE: Duration = Duration::from_secs(60);

fn timing(refresh: &Refresh, faults: &mut Faults<'_>) -> Option<Timing> {
    let timing = match &refresh.deadline {
        Some(value) => faults.read(value, deadline),
        None => Some(Timing::default()),
    };
    // Both are read before either is given up on.
    let ahead = match &refresh.ahead {
        Some(value) => faults.read(value, duration::read).map(Some),
        None => Some(None),
    };
    let (timing, ahead) = (timing?, ahead?);
    Some(Timing {
        ahead: ahead.unwrap_or(timing.ahead),
        ..timing
    })
}

fn deadline(text: &str) -> Result<Timing, String> {
    let deadline = duration::read(text)?;
    if deadline > LONGEST_DEADLINE {
        let longest = duration::write(LONGEST_DEADLINE);
        return Err(format!("{text:?} is too long: expected {longest} at most"));
    }
    Ok(Timing::with_deadline(deadline))
}

fn session(session: &Session, faults: &mut Faults<'_>) -> Option<SessionSettings> {
    let default = SessionSettings::default();
    let mut or_default = |value: &Placed<String>, default: Duration| match value {
        Some(value) => faults.read(value, duration::read),
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
        duration::write(settings.idle),
        duration::write(settings.absolute)
    );
    if let Some(value) = session.idle.as_ref().or(session.absolute.as_ref()) {
        faults.at(value, message);
    }
    None
}

fn demo_provider(file: &File, faults: &mut Faults<'_>) -> Option<SocketAddr> {
    match &file.demo_provider {
        Some(value) if !file.demo => {
            faults.at(value, "has a meaning with demo = true only");
            None
        }
        Some(value) if value.get_ref() == "external" => None,
        Some(value) => faults.read(value, |text| {
            address::listen(text).map_err(|error| format!("{error}, or \"external\""))
        }),
        None if file.demo => address::listen(DEMO_PROVIDER).ok(),
        None => None,
    }
}
