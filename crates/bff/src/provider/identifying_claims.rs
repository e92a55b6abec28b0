//! The user's identifier and name in a userinfo response that is not one of
//! OpenID Connect.

use confidant_protocol::provider_profile::Userinfo;
use confidant_wire::Claims;
use serde_json::Value;

/// Returns the claims with `sub` and `name` as the profile finds them.
pub(crate) fn identifying_claims(mut claims: Claims, userinfo: &Userinfo) -> Claims {
    for (claim, path) in [("sub", &userinfo.subject), ("name", &userinfo.name)] {
        let found = path.as_deref().and_then(|path| at(&claims, path));
        if let Some(found) = found.cloned() {
            claims.insert(claim.to_owned(), found);
        }
    }
    claims
}

/// Returns the member at this path, in which dots lead into nested objects.
fn at<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let first = claims.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::ProviderProfile;
    use serde_json::json;

    fn identify(profile: &str, answer: &Value) -> (Option<Value>, Option<Value>) {
        let userinfo = ProviderProfile::by_id(profile).unwrap().userinfo;
        let claims = answer.as_object().unwrap().clone();
        let claims = identifying_claims(claims, &userinfo);
        (claims.get("sub").cloned(), claims.get("name").cloned())
    }

    #[test]
    fn each_providers_user_is_found() {
        for (profile, answer, subject, name) in [
            (
                "x",
                json!({"data": {"id": "7", "name": "Ann", "username": "ann"}}),
                "7",
                "ann",
            ),
            (
                "fitbit",
                json!({"user": {"encodedId": "AB", "displayName": "Ann"}}),
                "AB",
                "Ann",
            ),
            (
                "dropbox",
                json!({"account_id": "dbid:1", "name": {"display_name": "Ann"}}),
                "dbid:1",
                "Ann",
            ),
            (
                "slack",
                json!({"ok": true, "user_id": "U1", "user": "ann"}),
                "U1",
                "ann",
            ),
            ("generic", json!({"sub": "s", "name": "Ann"}), "s", "Ann"),
        ] {
            let expected = (Some(json!(subject)), Some(json!(name)));
            assert_eq!(identify(profile, &answer), expected, "{profile}");
        }
        let answer = json!({"data": "none"});
        assert_eq!(identify("x", &answer), (None, None));
    }
}
