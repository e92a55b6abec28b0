//! CSRF tokens in the forms of the provider's pages.

use super::cookies::BrowserCookies;
use crate::{digest::Digest, oauth::parameters::Parameters};

/// The form that a CSRF token is for. A token for one is invalid in another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FormPurpose {
    Login,
    Consent,
    SignOut,
}

/// The name of the hidden field with the CSRF token.
pub(crate) const CSRF_FIELD: &str = "form_token";

/// Returns the CSRF token for a form about `content`, the request that the
/// form belongs to. Another site can neither read nor compute it.
pub(crate) fn csrf_token(
    key: &str,
    cookies: &BrowserCookies,
    purpose: FormPurpose,
    content: &str,
) -> String {
    let session = match purpose {
        // A login form stays valid when the user signs in in another tab. It
        // merely signs in once more.
        FormPurpose::Login => "",
        // The decision of one user must not count for another, who signed in
        // meanwhile in another tab.
        FormPurpose::Consent | FormPurpose::SignOut => cookies.session_cookie().unwrap_or_default(),
    };
    let purpose = match purpose {
        FormPurpose::Login => "login",
        FormPurpose::Consent => "consent",
        FormPurpose::SignOut => "sign out",
    };
    let parts = [key, cookies.browser_id(), purpose, session, content];
    Digest::of_fields(&parts.map(str::as_bytes)).base64url()
}

/// Returns whether `form` carries the token that this browser was given.
pub(crate) fn has_valid_csrf_token(
    key: &str,
    cookies: &BrowserCookies,
    purpose: FormPurpose,
    content: &str,
    form: &Parameters,
) -> bool {
    let expected = csrf_token(key, cookies, purpose, content);
    let presented = form.get(CSRF_FIELD).unwrap_or_default();
    !cookies.is_new_browser() && Digest::of(&expected).matches(&Digest::of(presented))
}
