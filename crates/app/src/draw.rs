//! Pages, drawn from what their client says.
//!
//! - `kind_page`: the frame of the pages that every kind has
//! - `menu`, `outcome`, `change`, `claims`: what is in it
//! - `token`: the token view; `log`: what travelled
//! - `home`, `sign_in_first`, `recheck`, `not_found`, `lead`: the rest
//! - `bar`: the bar above every page
//! - `text`: values as words

mod bar;
mod change;
mod claims;
mod home;
mod kind_page;
mod lead;
mod log;
mod menu;
mod not_found;
mod outcome;
mod recheck;
mod seen;
mod sign_in_first;
mod text;
mod token;

use crate::{
    client::{self, kind_of},
    endpoint,
    page::{Page, Parts, Reading},
};
use maud::Markup;
use wire::ClientKind;

/// Draws the page at a path.
pub(crate) async fn page(path: String, query: &str) -> Reading {
    let source = client::source(kind_of(&path).unwrap_or(ClientKind::Bff));
    let session = source.session().await;
    let providers = endpoint::list_providers().await.unwrap_or_default();
    let name = session
        .as_ref()
        .ok()
        .and_then(|view| Some(view.session.as_ref()?.name.clone()));
    let unknown = session.as_ref().is_ok_and(|view| view.unknown);
    let mut reading = if path == "/callback" {
        // Draws itself: it has to work before anything was read.
        Reading::default()
    } else if unknown && !query.contains(recheck::MARK) {
        recheck::page(&path)
    } else if let Some((kind, page)) = Page::at(&path) {
        kind_page::page(client::source(kind), page, session, &providers).await
    } else if path == "/" {
        home::page(query, &session, &providers)
    } else if let Some(page) = Page::bare(&path) {
        lead::page(page)
    } else {
        not_found::page()
    };
    reading.parts.bar = bar::bar(&path, name.as_deref()).into_string();
    reading.path = path;
    reading
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
