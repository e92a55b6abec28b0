//! What is wrong with a provider's settings although each value is well formed.

use super::{Endpoints, IdTokenSignature, Provider};
use url::Url;

/// A defence that the settings of a provider would leave out, or a combination
/// that cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderProblem {
    /// ID tokens would come, and nothing is known to verify them with.
    #[error(
        "the scope openid needs `issuer` and `jwks_uri` beside the endpoints: without them no ID token can be verified"
    )]
    UnverifiableIdToken,
    /// The responses of several providers cannot be told apart (RFC 9700,
    /// section 4.4).
    #[error(
        "with several providers each needs `own_callback`, a redirect URI of its own, or `iss_required` if it names itself in every response (RFC 9207): one provider could lead users to another and receive their codes"
    )]
    MixUp,
    /// The issuer cannot be compared.
    #[error("`iss_required` needs `issuer`: there is nothing to compare `iss` with")]
    NoIssuer,
    /// The issuer serves several tenants, and none is accepted.
    #[error(
        "this issuer serves several tenants: list the ids of those whose users may sign in as `id_token.tenants`, or use the issuer of one tenant"
    )]
    NoTenants,
    /// The page behind the shared redirect URI takes no POST.
    #[error("`response_mode=form_post` needs `own_callback`, whose address takes a POST")]
    FormPost,
}

/// What Entra calls the issuers that stand for several tenants.
const SHARED_TENANTS: [&str; 2] = ["common", "organizations"];

impl Provider {
    /// Returns what is wrong with these settings. `one_of_several` is whether
    /// other providers are configured, too.
    pub fn problems(&self, one_of_several: bool) -> Vec<ProviderProblem> {
        let has_issuer = self.endpoints.issuer().is_some();
        let has_keys = match &self.endpoints {
            Endpoints::Discover(_) => true,
            Endpoints::Fixed(fixed) => fixed.jwks_uri.is_some(),
        };
        let is_hs256 = self.id_token.signature == IdTokenSignature::Hs256;
        let is_form_post = self
            .authorize_params
            .get("response_mode")
            .map(String::as_str);
        [
            (
                ProviderProblem::UnverifiableIdToken,
                self.is_openid() && !(has_issuer && (has_keys || is_hs256)),
            ),
            (
                ProviderProblem::MixUp,
                one_of_several && !self.own_callback && !self.iss_required,
            ),
            (ProviderProblem::NoIssuer, self.iss_required && !has_issuer),
            (
                ProviderProblem::NoTenants,
                self.is_shared_by_tenants() && self.id_token.tenants.is_empty(),
            ),
            (
                ProviderProblem::FormPost,
                is_form_post == Some("form_post") && !self.own_callback,
            ),
        ]
        .into_iter()
        .filter_map(|(problem, is_present)| is_present.then_some(problem))
        .collect()
    }

    fn is_shared_by_tenants(&self) -> bool {
        let Endpoints::Discover(issuer) = &self.endpoints else {
            return false;
        };
        let issuer = Url::parse(issuer).ok();
        let first = issuer
            .as_ref()
            .and_then(|issuer| issuer.path_segments()?.next());
        first.is_some_and(|first| SHARED_TENANTS.contains(&first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::FixedEndpoints;

    fn fixed(issuer: Option<&str>, jwks_uri: Option<&str>) -> Provider {
        let url = |url: &str| Url::parse(url).unwrap();
        let endpoints = FixedEndpoints {
            issuer: issuer.map(str::to_owned),
            authorization_endpoint: url("https://op.example/authorize"),
            token_endpoint: url("https://op.example/token"),
            userinfo_endpoint: None,
            introspection_endpoint: None,
            revocation_endpoint: None,
            end_session_endpoint: None,
            jwks_uri: jwks_uri.map(url),
        };
        Provider::with_endpoints("p", endpoints)
    }

    #[test]
    fn x8_openid_needs_an_issuer_and_keys() {
        let (issuer, keys) = (Some("https://op.example"), Some("https://op.example/keys"));
        let missing = [ProviderProblem::UnverifiableIdToken];
        assert_eq!(fixed(None, None).problems(false), missing);
        assert_eq!(fixed(None, keys).problems(false), missing);
        assert_eq!(fixed(issuer, None).problems(false), missing);
        assert_eq!(fixed(issuer, keys).problems(false), []);
        assert_eq!(fixed(None, None).scopes(["read:user"]).problems(false), []);
        let mut hs256 = fixed(issuer, None);
        hs256.id_token.signature = IdTokenSignature::Hs256;
        assert_eq!(hs256.problems(false), []);
        assert_eq!(
            Provider::discover("p", "https://op.example").problems(false),
            []
        );
    }

    #[test]
    fn s12_several_providers_need_addresses_of_their_own_or_their_names() {
        let provider = Provider::discover("p", "https://op.example");
        assert_eq!(provider.problems(true), [ProviderProblem::MixUp]);
        assert_eq!(provider.problems(false), []);
        assert_eq!(provider.clone().own_callback().problems(true), []);
        assert_eq!(provider.iss_required().problems(true), []);
        let nameless = fixed(None, None).scopes(["read:user"]).iss_required();
        assert_eq!(nameless.problems(true), [ProviderProblem::NoIssuer]);
    }

    #[test]
    fn b16_an_issuer_of_several_tenants_needs_their_list() {
        for (tenant, expected) in [
            ("common", &[ProviderProblem::NoTenants][..]),
            ("organizations", &[ProviderProblem::NoTenants]),
            ("7c5b0b5e-0000-0000-0000-000000000000", &[]),
        ] {
            let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
            let mut provider = Provider::discover("p", issuer);
            assert_eq!(provider.problems(false), expected, "{tenant}");
            provider.id_token.tenants = vec!["t".into()];
            assert_eq!(provider.problems(false), []);
        }
    }

    #[test]
    fn b31_form_post_needs_an_address_of_its_own() {
        let provider = Provider::discover("p", "https://op.example");
        let provider = provider.authorize_param("response_mode", "form_post");
        assert_eq!(provider.problems(false), [ProviderProblem::FormPost]);
        assert_eq!(provider.own_callback().problems(false), []);
    }
}
