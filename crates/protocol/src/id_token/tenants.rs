//! Providers whose metadata name an issuer for each tenant, such as Entra:
//! `https://login.example/{tenantid}/v2.0`.

/// What stands for the tenant in such an issuer.
const PLACEHOLDER: &str = "{tenantid}";

/// Whether the issuer of a document stands for several tenants.
pub fn is_template(issuer: &str) -> bool {
    issuer.contains(PLACEHOLDER)
}

/// Returns the issuer of each accepted tenant.
pub fn issuers(template: &str, tenants: &[String]) -> Vec<String> {
    let issuer = |tenant: &String| template.replace(PLACEHOLDER, tenant);
    tenants.iter().map(issuer).collect()
}

/// Whether a template belongs to the configured issuer: both are equal but for
/// one path segment, which is a name for all tenants such as `common`.
pub fn matches(template: &str, configured: &str) -> bool {
    let Some((before, after)) = template.split_once(PLACEHOLDER) else {
        return false;
    };
    let segment = configured
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    // The host is in front of the segment, so an attacker cannot choose it.
    segment.is_some_and(|segment| !segment.is_empty() && !segment.contains('/'))
        && before.ends_with('/')
        && before.matches('/').count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "https://login.example/{tenantid}/v2.0";

    #[test]
    fn b16_the_accepted_issuers_are_those_of_the_listed_tenants() {
        let tenants = ["a".to_owned(), "b".to_owned()];
        let expected = [
            "https://login.example/a/v2.0",
            "https://login.example/b/v2.0",
        ];
        assert_eq!(issuers(TEMPLATE, &tenants), expected);
        assert!(is_template(TEMPLATE));
        assert!(!is_template("https://login.example/common/v2.0"));
    }

    #[test]
    fn b16_a_template_belongs_to_one_host_and_one_path() {
        for (configured, expected) in [
            ("https://login.example/common/v2.0", true),
            ("https://login.example/organizations/v2.0", true),
            ("https://login.example//v2.0", false),
            ("https://login.example/a/b/v2.0", false),
            ("https://login.example/common", false),
            ("https://other.example/common/v2.0", false),
        ] {
            assert_eq!(matches(TEMPLATE, configured), expected, "{configured}");
        }
        assert!(!matches("https://{tenantid}/v2.0", "https://a/v2.0"));
        assert!(!matches(
            TEMPLATE.trim_end_matches("/v2.0"),
            "https://login.example/"
        ));
    }
}
