//! Pages, drawn from what their client says.
//!
//! - `kind_page`: the frame of the pages that every kind has
//! - `menu`, `outcome`, `change`, `claims`: what is in it
//! - `token`: the token view; `log`: what travelled
//! - `faults`: what can be made to go wrong, in the demo
//! - `home`, `sign_in_first`, `recheck`, `elsewhere`, `not_found`, `lead`: the rest
//! - `bar`: the bar above every page
//! - `text`: values as words

mod bar;
mod change;
mod claims;
#[cfg(feature = "ssr")]
mod elsewhere;
mod faults;
mod home;
mod kind_page;
mod lead;
pub(crate) mod log;
mod menu;
mod not_found;
mod outcome;
mod recheck;
mod seen;
mod sign_in_first;
mod text;
mod token;

use crate::{
    client::{self, Source, kind_of},
    compare, endpoint,
    page::{Page, Parts, Reading, is_callback},
};
use confidant_wire::{Problem, ProviderView, SessionView};
#[cfg(feature = "ssr")]
pub(crate) use faults::{note, panel, state};
use maud::Markup;

/// Draws the page at a path.
pub(crate) async fn page(path: String, query: &str) -> Reading {
    let source = kind_of(&path).and_then(client::source);
    let providers = endpoint::list_providers().await.unwrap_or_default();
    #[cfg(feature = "ssr")]
    if let Some(source) = source.filter(|source| source.is_live()) {
        return elsewhere::page(source, path, &providers);
    }
    let session = source.unwrap_or(client::default()).session().await;
    let mut name = greeted(&session);
    let unknown = session.as_ref().is_ok_and(|view| view.unknown);
    let mut reading = if is_callback(&path) {
        // Draws itself: it has to work before anything was read.
        Reading::default()
    } else if unknown && !query.contains(recheck::MARK) {
        recheck::page(&path)
    } else if let Some((kind, page)) = Page::at(&path) {
        match client::source(kind) {
            Some(source) if page == Page::Faults => faults::page(source, session, &providers).await,
            Some(source) => {
                let mut reading = kind_page::page(source, page, session, &providers).await;
                // After the page's call, which may have been struck.
                reading.parts.log += &faults::noted(source, &providers).await;
                if reading.status == 401 {
                    // The call may have found that the session is over.
                    name = greeted(&source.session().await);
                }
                reading
            }
            None => not_found::page(),
        }
    } else if path == compare::PATH {
        compare::page(offered(&providers))
    } else if path == "/" {
        home::page(query, &session, &providers)
    } else if let Some(page) = Page::bare(&path) {
        lead::page(page)
    } else {
        not_found::page()
    };
    reading.parts.bar = bar::bar(&path, name.as_deref(), &providers).into_string();
    reading.path = path;
    reading
}

fn greeted(session: &Result<SessionView, Problem>) -> Option<String> {
    let session = session.as_ref().ok()?.session.as_ref()?;
    Some(session.name.clone())
}

/// The kinds of client that one can be with one provider or another.
fn offered(providers: &[ProviderView]) -> impl Iterator<Item = &'static dyn Source> {
    client::sources().filter(|source| providers.iter().any(|it| source.is_offered(it)))
}

/// A page with nothing to it but this.
fn plain(status: u16, title: &str, top: Markup) -> Reading {
    Reading {
        status,
        title: title.to_owned(),
        parts: Parts {
            top: top.into_string(),
            ..Parts::default()
        },
        ..Reading::default()
    }
}
