//! What a page shows, read at once and once only: with the page for one that
//! is loaded, by a request for one that is gone to.

use crate::{browser, client, clock::Life, json};
use confidant_wire::Problem;
use leptos::{
    prelude::Resource,
    server::codee::{Decoder, Encoder},
};
use serde::{Deserialize, Serialize};

/// The readings of the pages one after the other; shared by context.
pub(crate) type Readings = Resource<Reading, OnThePage>;

/// One reading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    /// The path of the page that it is for.
    pub(crate) path: String,
    /// The page's HTTP status.
    pub(crate) status: u16,
    /// Where to go on at once, with the status 303 or 307.
    #[serde(default)]
    pub(crate) location: Option<String>,
    /// What the page is called in the window's title.
    pub(crate) title: String,
    /// True where the server could not tell who it is, since the request came
    /// from another site: ask again.
    #[serde(default)]
    pub(crate) unknown: bool,
    /// How long the token lives; none where the page shows no token.
    #[serde(default)]
    pub(crate) life: Option<Life>,
    /// The page, drawn.
    #[serde(default)]
    pub(crate) parts: Parts,
}

/// The parts of a page as HTML, in the order in which they stand there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parts {
    /// The bar above it.
    pub(crate) bar: String,
    /// Its headline.
    pub(crate) top: String,
    /// What it is for.
    pub(crate) main: String,
    /// The token view, beside the ring.
    pub(crate) token: String,
    /// What travelled; on the start page, the kinds of client.
    pub(crate) log: String,
}

impl Reading {
    /// Reads the page at this path.
    pub(crate) async fn take(path: String, query: String) -> Self {
        let client = client::here(&path);
        let reading = client.read(path.clone(), query).await;
        let mut reading = reading.unwrap_or_else(|problem| Self::failed(path, &problem));
        if cfg!(feature = "ssr") {
            return reading;
        }
        if let Some(life) = &mut reading.life {
            life.arrived = Some(browser::now());
        }
        browser::released().await;
        reading
    }

    /// One that leads on at once.
    #[cfg(feature = "ssr")]
    pub(crate) fn leading(path: String, status: u16, location: String) -> Self {
        let top = maud::html! { p { a href=(location) rel="external" { "Go on" } } };
        Self {
            path,
            status,
            title: "One moment".to_owned(),
            parts: Parts {
                top: top.into_string(),
                ..Parts::default()
            },
            location: Some(location),
            ..Self::default()
        }
    }

    fn failed(path: String, problem: &Problem) -> Self {
        let top = crate::problem::page(problem, client::kind_of(&path)).into_string();
        Self {
            path,
            status: problem.code.status(),
            parts: Parts {
                top,
                ..Parts::default()
            },
            ..Self::default()
        }
    }
}

/// How a reading comes along with its page: without the parts, which stand
/// on the page already. Hydration leaves them as they are.
pub(crate) struct OnThePage;

impl Encoder<Reading> for OnThePage {
    type Error = json::Error;
    type Encoded = String;

    fn encode(reading: &Reading) -> Result<String, json::Error> {
        json::write(&Reading {
            parts: Parts::default(),
            ..reading.clone()
        })
    }
}

impl Decoder<Reading> for OnThePage {
    type Error = json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<Reading, json::Error> {
        json::read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_not_sent_twice() {
        let reading = Reading {
            path: "/bff/menu".to_owned(),
            parts: Parts {
                top: "<h1>Menu</h1>".to_owned(),
                ..Parts::default()
            },
            ..Reading::default()
        };
        let text = OnThePage::encode(&reading).unwrap();
        assert!(!text.contains("h1"), "{text}");
        assert_eq!(OnThePage::decode(&text).unwrap().path, reading.path);
    }
}
