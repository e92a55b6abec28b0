//! The token view proper.

use super::{chip::PlaceChip, countdown::Countdown};
use crate::{client::Client, clock, text};
use leptos::prelude::*;
use wire::TokenView;

/// One token of one client.
#[component]
pub(crate) fn TokenSheet(
    client: &'static dyn Client,
    token: TokenView,
    /// The browser's clock as the view came in; none if it came with the page.
    arrived: Option<u64>,
) -> impl IntoView {
    let obtained = format!("obtained {}", clock::ago(token.obtained_at, token.now));
    let expires = token
        .expires_at
        .map(|at| format!(", runs out at {}", clock::time_of_day(at)));
    let refresh_token = match token.refresh_token {
        Some(fingerprint) => {
            let place = format!(" · {} of its family ", text::ordinal(token.generation));
            view! {
                <span class="mono">{fingerprint.to_string()}</span>
                {place}
                <PlaceChip place=client.place() />
            }
            .into_any()
        }
        None => "none was given".into_any(),
    };
    let scopes: Vec<_> = token
        .scopes
        .iter()
        .map(|scope| view! { <li class="chip">{scope.clone()}</li> })
        .collect();
    let extras: Vec<_> = token
        .extras
        .iter()
        .map(|(name, value)| {
            let said = format!("{name}: {}", text::plain(value));
            view! { <li class="mono">{said}</li> }
        })
        .collect();
    let extras = (!extras.is_empty()).then(|| {
        view! {
            <dt>"Provider says"</dt>
            <dd>
                <ul class="bare">{extras}</ul>
            </dd>
        }
    });
    view! {
        <section class="sheet" aria-labelledby="token-title">
            <div class="token">
                <Countdown token=token.clone() arrived />
                <div>
                    <h2 id="token-title">"Access token"</h2>
                    <span class="mono" data-token="access">
                        {token.access_token.to_string()}
                    </span>
                    " "
                    <PlaceChip place=client.place() />
                    <br />
                    <span class="soft">{obtained} {expires}</span>
                </div>
            </div>
            <dl>
                <dt>"Refresh token"</dt>
                <dd>{refresh_token}</dd>
                <dt>"This browser holds"</dt>
                <dd>{client.browser_holds()}</dd>
                <dt>"Scopes"</dt>
                <dd>
                    <ul class="chips">{scopes}</ul>
                </dd>
                <dt>"Type"</dt>
                <dd>{token.token_type}</dd>
                {extras}
            </dl>
        </section>
    }
    .into_any()
}
