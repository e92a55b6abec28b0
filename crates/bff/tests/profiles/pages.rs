//! What pages learn of the provider for their public client.

use super::client::{World, start_provider};
use confidant_bff::{
    Provider, Reuse,
    settings::{ErrorClass, ProviderProfile, TokenErrorRules},
};
use confidant_protocol::cases::profiles::ALL;

#[tokio::test]
async fn pages_get_the_profile_with_all_that_the_settings_override() {
    let cases = &ALL[0];
    let provider = start_provider(cases).await;
    let profile = ProviderProfile {
        scope_separator: ',',
        reuse: Reuse::Reusable,
        redirect_uri_at_refresh: true,
        token_errors: TokenErrorRules::standard().also(ErrorClass::Dead, &["gone"]),
        ..ProviderProfile::generic()
    };
    let mut settings = Provider::discover("p", provider.url.clone())
        .custom_profile(profile.clone())
        .authorize_param("audience", "https://api.example")
        .authorize_param("prompt", "consent");
    settings.public_client_id = Some("pages".into());
    let world = World::with(cases, provider, settings).await;
    let found = world.profile_for_pages();
    let expected = [("audience", "https://api.example"), ("prompt", "consent")];
    assert_eq!(
        found.authorize_params,
        expected
            .map(|(name, value)| (name.into(), value.into()))
            .into()
    );
    let without_parameters = ProviderProfile {
        authorize_params: profile.authorize_params.clone(),
        ..found
    };
    assert_eq!(without_parameters, profile);
}
