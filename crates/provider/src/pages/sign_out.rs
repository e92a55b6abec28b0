//! The pages of a sign-out.

use maud::html;

use super::layout::Page;
use crate::config::{Client, User};

/// The page that asks whether to sign out. `fields` go back with the form.
pub(crate) fn confirm_page(
    user: &User,
    client: Option<&Client>,
    fields: &[(&str, &str)],
    return_to: Option<&str>,
) -> Page {
    let content = html! {
        h1 { "Sign out of Meridian ID?" }
        p {
            "You are signed in as " strong { (user.name) } "."
            @if let Some(client) = client {
                " " (client.name) " asks whether you want to sign out here as well."
            }
        }
        form method="post" action="/end_session" {
            @for (name, value) in fields {
                input type="hidden" name=(name) value=(value);
            }
            div.buttons {
                button.primary type="submit" name="decision" value="sign_out" { "Sign out" }
                button type="submit" name="decision" value="stay" { "Stay signed in" }
            }
        }
    };
    let page = Page::new("Sign out", content);
    match return_to {
        Some(address) => page.with_form_leading_to(address),
        None => page,
    }
}

/// The page after a sign-out that leads nowhere else.
pub(crate) fn done_page(signed_out: bool) -> Page {
    let (title, description) = match signed_out {
        true => (
            "You are signed out",
            "The next sign-in here asks for your password.",
        ),
        false => ("You are still signed in", "Nothing was changed."),
    };
    let content = html! {
        h1 { (title) }
        p { (description) " You can close this page." }
    };
    Page::new(title, content)
}
