//! The pages of a sign-out.

use maud::html;

use super::layout::{HiddenField, Page, hidden_inputs};

/// What the confirmation page shows.
pub(crate) struct ConfirmSignOutPage<'a> {
    /// The name of the signed-in user.
    pub(crate) user: &'a str,
    /// The name of the client that requests the sign-out.
    pub(crate) client: Option<&'a str>,
    pub(crate) hidden: &'a [HiddenField<'a>],
    /// Where the browser goes after the sign-out.
    pub(crate) return_to: Option<&'a str>,
}

impl ConfirmSignOutPage<'_> {
    pub(crate) fn render(&self) -> Page {
        let content = html! {
            h1 { "Sign out of Meridian ID?" }
            p {
                "You are signed in as " strong { (self.user) } "."
                @if let Some(client) = self.client {
                    " " (client) " asks whether you want to sign out here as well."
                }
            }
            form method="post" action="/end_session" {
                (hidden_inputs(self.hidden))
                div.buttons {
                    button.primary type="submit" name="decision" value="sign_out" { "Sign out" }
                    button type="submit" name="decision" value="stay" { "Stay signed in" }
                }
            }
        };
        let page = Page::new("Sign out", content);
        match self.return_to {
            Some(url) => page.with_form_leading_to(url),
            None => page,
        }
    }
}

/// Renders the page after a sign-out that returns to no client.
pub(crate) fn done_page(signed_out: bool) -> Page {
    let (title, sentence) = if signed_out {
        (
            "You are signed out",
            "The next sign-in here asks for your password.",
        )
    } else {
        ("You are still signed in", "Nothing has changed.")
    };
    let content = html! {
        h1 { (title) }
        p { (sentence) " You can close this page." }
    };
    Page::new(title, content)
}
