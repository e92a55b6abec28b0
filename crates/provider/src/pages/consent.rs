//! The consent page.

use maud::html;
use url::Url;

use super::layout::{HiddenField, Page, hidden_inputs};
use crate::{config::User, oauth::scope::SupportedScope};

/// What the consent page shows.
pub(crate) struct ConsentPage<'a> {
    /// The name of the client that requests access.
    pub(crate) client: &'a str,
    pub(crate) user: &'a User,
    /// What the client would be able to do.
    pub(crate) scopes: &'a [&'a SupportedScope],
    /// Where the response to the client goes.
    pub(crate) redirect_uri: &'a str,
    pub(crate) hidden: &'a [HiddenField<'a>],
    /// The authorization request for another user.
    pub(crate) other_user_url: &'a str,
}

impl ConsentPage<'_> {
    pub(crate) fn render(&self) -> Page {
        let origin = Url::parse(self.redirect_uri).ok();
        let origin = origin.map(|url| url.origin().ascii_serialization());
        let title = format!("Allow {}?", self.client);
        let content = html! {
            h1 { (title) }
            p.lead {
                strong { (self.client) } " wants to use your Meridian account."
            }
            div.account {
                span.avatar aria-hidden="true" { (initial(&self.user.name)) }
                p {
                    strong { (self.user.name) } br;
                    span.soft { (self.user.email) }
                }
                a href=(self.other_user_url) { "Not you?" }
            }
            h2 { "It would be able to" }
            ul.scopes {
                @for scope in self.scopes {
                    li {
                        strong { (scope.label) } br;
                        span.soft { (scope.detail) } " " code { (scope.name) }
                    }
                }
            }
            form method="post" action="/consent" {
                (hidden_inputs(self.hidden))
                div.buttons {
                    button.primary type="submit" name="decision" value="allow" { "Allow" }
                    button type="submit" name="decision" value="deny" { "Deny" }
                }
            }
            @if let Some(origin) = origin {
                p.soft { "Either way you go back to " code { (origin) } "." }
            }
        };
        Page::new(&title, content).with_form_leading_to(self.redirect_uri)
    }
}

fn initial(name: &str) -> String {
    name.chars().take(1).collect()
}
