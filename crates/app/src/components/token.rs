//! The token view.

use super::{countdown::Countdown, wording};
use crate::{
    clients::{OAuthClient, TokenLocation},
    page_data::{ExposedTokens, Token},
    time::{self, Lifetime},
};
use leptos::prelude::*;

/// The countdown, and what may be shown of the token.
#[component]
pub(crate) fn TokenCard(
    client: &'static dyn OAuthClient,
    token: Token,
    exposed: ExposedTokens,
) -> impl IntoView {
    view! {
        <section class="sheet token" aria-labelledby="token-title">
            <Countdown lifetime=Lifetime::from(&token) />
            <TokenFacts client token exposed />
        </section>
    }
}

#[component]
fn TokenFacts(
    client: &'static dyn OAuthClient,
    token: Token,
    exposed: ExposedTokens,
) -> impl IntoView {
    let descriptor = client.descriptor();
    let expires = token
        .expires_at
        .map(|at| format!(", expires at {}", time::time_of_day(at)))
        .unwrap_or_default();
    let refresh = match token.refresh {
        Some(fingerprint) => view! {
            <span class="mono" data-token="refresh">{fingerprint.to_string()}</span>
            {format!(" · {} of its family ", wording::ordinal(token.generation))}
            {location(descriptor.refresh_token)}
            {secret("refresh", exposed.refresh)}
        }
        .into_any(),
        None => "none was given".into_any(),
    };
    let may_be_spent = token.may_be_spent.then(|| {
        view! {
            <dt>{"What happened"}</dt>
            <dd>
                {"The answer to the last refresh was lost. The refresh token may be spent and is \
                  not sent again, since that would look like theft. The access token is used to \
                  its end; then the provider is asked anew, without a question to you."}
            </dd>
        }
        .into_any()
    });
    let scopes: Vec<_> = token
        .scopes
        .into_iter()
        .map(|scope| view! { <li class="chip">{scope}</li> }.into_any())
        .collect();
    let extras: Vec<_> = token
        .extras
        .into_iter()
        .map(|(name, value)| {
            view! { <li class="mono">{format!("{name}: {value}")}</li> }.into_any()
        })
        .collect();
    let extras = (!extras.is_empty()).then(|| {
        view! {
            <dt>{"Provider says"}</dt>
            <dd><ul class="bare">{extras}</ul></dd>
        }
        .into_any()
    });
    view! {
        <div class="facts">
            <div>
                <h2 id="token-title">{"Access token"}</h2>
                <span class="mono" data-token="access">{token.access.to_string()}</span>
                {" "}
                {location(descriptor.access_token)}
                <br />
                <span class="soft">
                    {"obtained "} {time::ago(token.obtained_at, token.now)} {expires}
                </span>
                {secret("access", exposed.access)}
            </div>
            <dl>
                <dt>{"Refresh token"}</dt>
                <dd>{refresh}</dd>
                {may_be_spent}
                <dt>{"This browser holds"}</dt>
                <dd>{descriptor.browser_holds}</dd>
                <dt>{"Scopes"}</dt>
                <dd><ul class="chips">{scopes}</ul></dd>
                <dt>{"Type"}</dt>
                <dd>{token.token_type}</dd>
                {extras}
            </dl>
        </div>
    }
}

/// The token itself, folded away: shown if the page has it, because then any
/// script in the page can read it.
fn secret(which: &'static str, token: Option<String>) -> impl IntoView {
    token.map(|token| {
        view! {
            <details class="secret">
                <summary>{format!("Show the {which} token")}</summary>
                <code data-secret=which>{token}</code>
            </details>
        }
        .into_any()
    })
}

/// Where a token is, as a word and a colour.
fn location(location: TokenLocation) -> impl IntoView {
    let (class, text) = match location {
        TokenLocation::Server => ("chip kept", "kept on the server".to_owned()),
        TokenLocation::Browser(place) => ("chip held", format!("in the browser: {place}")),
    };
    view! { <span class=class>{text}</span> }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::{clients, routes, samples};
    use confidant_wire::ClientKind;

    fn rendered(kind: ClientKind, token: Token, exposed: ExposedTokens) -> String {
        samples::link();
        let client = clients::client(kind).unwrap();
        samples::html(|| view! { <TokenFacts client token exposed /> })
    }

    #[test]
    fn the_view_names_both_tokens_and_where_they_are() {
        let html = rendered(ClientKind::BFF, samples::token(), ExposedTokens::default());
        for part in [
            "at·7f3a9c",
            "rt·19c2e0",
            "third of its family",
            "kept on the server",
        ] {
            assert!(html.contains(part), "{part} is missing from {html}");
        }
    }

    #[test]
    fn what_a_provider_sends_is_never_markup() {
        let mut token = samples::token();
        token.scopes = vec!["<i>".to_owned()];
        token.token_type = "<i>".to_owned();
        token.extras.push(("<i>".to_owned(), "<i>".to_owned()));
        let html = rendered(ClientKind::BFF, token, ExposedTokens::default());
        assert!(!html.contains("<i>"), "{html}");
    }

    #[test]
    fn a_page_that_has_the_token_shows_it_and_no_other_does() {
        let exposed = ExposedTokens {
            access: Some("<the token>".to_owned()),
            refresh: None,
        };
        let html = rendered(routes::BROWSER, samples::token(), exposed);
        assert!(html.contains("&lt;the token&gt;"), "{html}");
        assert!(html.contains("in the browser"), "{html}");
        assert!(!html.contains("kept on the server"), "{html}");
    }
}
