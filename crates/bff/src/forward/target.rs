//! The API and the path that a request names.
//!
//! A path is matched and forwarded as it was sent: nothing is decoded or
//! normalised, so the API reads what the server checked. A path that two
//! programs could read differently is refused before it is matched.

use http::{Uri, Version};

/// Returns the id of the API and the path that a request target names. Returns
/// `None` when it names no API, or is ambiguous:
///
/// - in the absolute form or the authority form, which are for proxies;
/// - with segments that are empty, or consist of dots and spaces;
/// - with a backslash, a slash, a dot, a control character, a semicolon or
///   anything else encoded that needs no encoding, or encoded twice;
/// - with bytes that are not UTF-8.
pub(super) fn target<'a>(
    prefix: &str,
    uri: &'a Uri,
    version: Version,
) -> Option<(&'a str, &'a str)> {
    // HTTP/2 and later name scheme and authority with every request.
    if version < Version::HTTP_2 && (uri.scheme().is_some() || uri.authority().is_some()) {
        return None;
    }
    let below = uri.path().strip_prefix(prefix)?;
    let (id, path) = below.split_at(below.find('/')?);
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if !is_plain(segment) || (segment.is_empty() && !is_last) {
            return None;
        }
    }
    Some((id, path))
}

/// Returns whether every program reads a segment the same way.
pub(super) fn is_plain(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::with_capacity(segment.len());
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => match (bytes.next(), bytes.next()) {
                (Some(high), Some(low)) => match escape(high, low) {
                    Some(byte) => byte,
                    None => return false,
                },
                _ => return false,
            },
            raw if is_pchar(raw) => raw,
            _ => return false,
        };
        decoded.push(byte);
    }
    // A segment that is still encoded after decoding was encoded twice.
    let twice = decoded.windows(3).any(
        |part| matches!(part, [b'%', high, low] if hex(*high).is_some() && hex(*low).is_some()),
    );
    // On some systems "..", "...", and ".. " are one.
    let hollow = !decoded.is_empty() && decoded.iter().all(|byte| matches!(byte, b'.' | b' '));
    !twice && !hollow && std::str::from_utf8(&decoded).is_ok()
}

/// Returns the byte that an escape stands for. Returns `None` for a byte that
/// needs no escape, or that separates segments for a program that decodes too
/// early.
fn escape(high: u8, low: u8) -> Option<u8> {
    let byte = hex(high)? << 4 | hex(low)?;
    let disguise = is_unreserved(byte) || byte.is_ascii_control() || b"/\\;".contains(&byte);
    (!disguise).then_some(byte)
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// Returns whether a byte is unreserved (RFC 3986, section 2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Returns whether a byte may stand in a segment (RFC 3986, section 3.3). The
/// semicolon may not: some servers cut a segment there, so that `..;` becomes
/// `..`.
fn is_pchar(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,=:@".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target_text: &str) -> Option<(String, String)> {
        let uri: Uri = target_text.parse().ok()?;
        target("/api/", &uri, Version::HTTP_11).map(|(id, path)| (id.to_owned(), path.to_owned()))
    }

    #[test]
    fn an_api_and_a_path_are_read_from_a_plain_target() {
        for (target, id, path) in [
            ("/api/demo/echo", "demo", "/echo"),
            ("/api/demo/echo?a=../b", "demo", "/echo"),
            ("/api/demo/", "demo", "/"),
            ("/api/demo/a/", "demo", "/a/"),
            ("/api/demo/a.b/c..d/.e", "demo", "/a.b/c..d/.e"),
            ("/api/demo/caf%C3%A9", "demo", "/caf%C3%A9"),
            ("/api/demo/a%20b%2Bc%23", "demo", "/a%20b%2Bc%23"),
            ("/api/demo/100%25", "demo", "/100%25"),
            (
                "/api/demo/@me/it's,(so)!:1=$&*+~",
                "demo",
                "/@me/it's,(so)!:1=$&*+~",
            ),
        ] {
            assert_eq!(read(target), Some((id.into(), path.into())), "{target}");
        }
    }

    #[test]
    fn no_path_trick_gets_as_far_as_a_route() {
        for tricked in [
            // Parent folders.
            "/../secret",
            "/a/../secret",
            "/a/..",
            "/./secret",
            "/a/.",
            "/...",
            "/a/.../b",
            "/%2e%2e/secret",
            "/%2E%2E/secret",
            "/.%2e/secret",
            "/%2e/secret",
            "/a%2eb",
            "/..%20/secret",
            "/%20",
            "/..;/secret",
            "/..;a=b/secret",
            "/.;/secret",
            "/..%3b/secret",
            "/..%3B/secret",
            "/a;b",
            "/a;/../b",
            // Encoded slashes, and empty segments.
            "//secret",
            "//",
            "/a//b",
            "/a//",
            "/a%2fb",
            "/a%2Fb",
            "/..%2fsecret",
            "/%2f",
            "/a\\b",
            "/..\\secret",
            "/\\secret",
            "/a%5cb",
            "/..%5csecret",
            "/%5C..%5C",
            // Encoded twice, incompletely, or needlessly.
            "/%252e%252e/secret",
            "/a%252fb",
            "/%255c",
            "/%2525252e",
            "/%25%32%65",
            "/%",
            "/%2",
            "/a%2",
            "/%zz",
            "/%u002e%u002e/",
            "/%+2e",
            "/%c0%ae%c0%ae/secret",
            "/%e0%80%ae/",
            "/%ff",
            "/%c3",
            "/%65cho",
            "/%41",
            // Bytes that end or split lines and strings in other programs.
            "/a%00",
            "/%00",
            "/a%00.png",
            "/a%0d%0ab",
            "/%0a",
            "/%09",
            "/%1f",
            "/%7f",
            // Bytes that are not allowed in a path.
            "/a|b",
            "/a^b",
            "/a`b",
            "/a{b}",
            "/a\"b",
            "/a<b>",
            "/a[b]",
            "/é",
            "/a b",
        ] {
            let target = format!("/api/demo{tricked}");
            assert_eq!(read(&target), None, "{target}");
        }
    }

    #[test]
    fn a_target_elsewhere_names_no_api() {
        for target in [
            "http://localhost:3000/api/demo/echo",
            "http://evil.example/api/demo/echo",
            "https://evil.example/api/demo/echo",
            "evil.example:80",
            "*",
            "/",
            "/api",
            "/api/",
            "/api/demo",
            "/apis/demo/echo",
            "/API/demo/echo",
            "//api/demo/echo",
            "/a/api/demo/echo",
        ] {
            assert_eq!(read(target), None, "{target}");
        }
        let uri = "https://app.example/api/demo/echo".parse().unwrap();
        assert!(target("/api/", &uri, Version::HTTP_2).is_some());
    }

    #[test]
    fn an_encoded_id_is_no_id_and_an_empty_one_neither() {
        // The id is compared with those configured: nothing in them is encoded.
        assert_eq!(
            read("/api/de%6do/echo").map(|(id, _)| id),
            Some("de%6do".into())
        );
        assert_eq!(read("/api//echo").map(|(id, _)| id), Some(String::new()));
    }
}
