//! The consent page.

use maud::html;
use url::Url;

use super::layout::Page;
use crate::{
    authorize::request::AuthorizationRequest,
    browser::{Browser, Purpose},
    config::User,
    oauth::scope::{KNOWN, OFFLINE_ACCESS},
    policy::OfflineAccess,
    provider::Provider,
};

/// The page that asks `person` what the client may do.
pub(crate) fn consent_page(
    provider: &Provider,
    browser: &Browser,
    request: &AuthorizationRequest<'_>,
    user: &User,
) -> Page {
    let query = request.to_query();
    let token = browser.form_token(provider, Purpose::Consent, &query);
    let client = &request.client.name;
    let host = Url::parse(&request.redirect_uri).ok();
    let host = host.map(|url| url.origin().ascii_serialization());
    // Google's way of asking is not a scope, but it means the same.
    let by_parameter =
        request.offline == OfflineAccess::AccessType && request.requests_offline_access;
    let asked = KNOWN.iter().filter(|(scope, ..)| {
        request.scope.contains(scope) || (by_parameter && *scope == OFFLINE_ACCESS)
    });
    let title = format!("Allow {client}?");
    let content = html! {
        h1 { (title) }
        p.lead {
            strong { (client) } " wants to use your Meridian account."
        }
        div.account {
            span.avatar aria-hidden="true" { (initial(&user.name)) }
            p {
                strong { (user.name) } br;
                span.soft { (user.email) }
            }
            a href={ "/authorize?" (request.for_another_user()) } { "Not you?" }
        }
        h2 { "It would be able to" }
        ul.scopes {
            @for (scope, description, detail) in asked {
                li {
                    strong { (description) } br;
                    span.soft { (detail) } " " code { (scope) }
                }
            }
        }
        form method="post" action="/consent" {
            input type="hidden" name="request" value=(query);
            input type="hidden" name="form_token" value=(token);
            div.buttons {
                button.primary type="submit" name="decision" value="allow" { "Allow" }
                button type="submit" name="decision" value="deny" { "Deny" }
            }
        }
        @if let Some(host) = host {
            p.soft { "Either way you go back to " code { (host) } "." }
        }
    };
    Page::new(&title, content).with_form_leading_to(&request.redirect_uri)
}

fn initial(name: &str) -> String {
    name.chars().take(1).collect()
}
