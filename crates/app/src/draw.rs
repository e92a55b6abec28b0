//! Pages, drawn from what their client says.
//!
//! - `kind_page`: the frame of the pages that every kind has
//! - `menu`, `outcome`, `change`, `claims`: what is in it
//! - `token`: the token view; `log`: what travelled
//! - `home`, `sign_in_first`, `recheck`, `elsewhere`, `not_found`, `lead`: the rest
//! - `bar`: the bar above every page
//! - `text`: values as words

mod bar;
mod change;
mod claims;
#[cfg(feature = "ssr")]
mod elsewhere;
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
use maud::Markup;
use wire::ProviderView;

/// Draws the page at a path.
pub(crate) async fn page(path: String, query: &str) -> Reading {
    let source = kind_of(&path).and_then(client::source);
    let providers = endpoint::list_providers().await.unwrap_or_default();
    #[cfg(feature = "ssr")]
    if let Some(source) = source.filter(|source| source.form(client::Deed::Refresh).is_none()) {
        return elsewhere::page(source, path, &providers);
    }
    let session = source.unwrap_or(client::default()).session().await;
    let name = session
        .as_ref()
        .ok()
        .and_then(|view| Some(view.session.as_ref()?.name.clone()));
    let unknown = session.as_ref().is_ok_and(|view| view.unknown);
    let mut reading = if is_callback(&path) {
        // Draws itself: it has to work before anything was read.
        Reading::default()
    } else if unknown && !query.contains(recheck::MARK) {
        recheck::page(&path)
    } else if let Some((kind, page)) = Page::at(&path) {
        match client::source(kind) {
            Some(source) => kind_page::page(source, page, session, &providers).await,
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
