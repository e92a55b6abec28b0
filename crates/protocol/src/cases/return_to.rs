//! Paths to return to.

use crate::return_to::{InvalidReturnTo, MAX_LENGTH};

/// Paths of this application.
pub const ACCEPTED: &[&str] = &[
    "/",
    "/bff/menu",
    "/bff/menu?a=b#c",
    "/a//b",
    "/a/%2F%2Fb",
    "/?u=https://x",
    "/%C3%A5",
];

/// Paths that may lead elsewhere, or are none.
pub fn refused() -> Vec<(String, InvalidReturnTo)> {
    use InvalidReturnTo::{ForbiddenCharacter, NotAPath, OtherHost, TooLong};
    let short = [
        ("", NotAPath),
        ("bff/menu", NotAPath),
        (" /menu", NotAPath),
        ("?a", NotAPath),
        ("\\\\evil.example", NotAPath),
        ("https://evil.example", NotAPath),
        ("javascript:alert(1)", NotAPath),
        ("\u{0}/", NotAPath),
        ("//evil.example", OtherHost),
        ("///evil.example", OtherHost),
        ("/\\evil.example", OtherHost),
        ("/\t/evil.example", ForbiddenCharacter),
        ("/\n/evil.example", ForbiddenCharacter),
        ("/a\r\nSet-Cookie: x=y", ForbiddenCharacter),
        ("/a\u{0}", ForbiddenCharacter),
        ("/a\u{7f}", ForbiddenCharacter),
        ("/a b", ForbiddenCharacter),
        ("/a\\b", ForbiddenCharacter),
        ("/å", ForbiddenCharacter),
        ("/\u{ff0f}evil.example", ForbiddenCharacter),
    ];
    let long = format!("/{}", "a".repeat(MAX_LENGTH));
    let short = short
        .into_iter()
        .map(|(path, reason)| (path.to_owned(), reason));
    short.chain([(long, TooLong)]).collect()
}
