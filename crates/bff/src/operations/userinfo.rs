//! Userinfo (OpenID Connect Core 1.0, section 5.3), with automatic refresh.

use crate::{
    BffError,
    components::Components,
    grant::TokenRequirement,
    provider::{CallError, identifying_claims::identifying_claims, identity::from_userinfo},
    session::SessionRecord,
};
use confidant_wire::Claims;

/// Fetches the userinfo of the session's user.
pub(crate) async fn userinfo(
    components: &Components,
    session: &SessionRecord,
) -> Result<Claims, BffError> {
    let Components { tokens, .. } = components;
    let (provider, metadata) = components.provider_of(session).await?;
    let (grant, requirement) = (&session.grant, TokenRequirement::default());
    let token = tokens.usable(grant, &requirement).await?;
    let claims = match provider.userinfo(&metadata, grant, &token).await {
        // The token looked fresh and was rejected: once more, with a newer one.
        Err(CallError::Unauthorized) => {
            let newer = tokens.after_rejection(grant, &requirement, &token).await?;
            provider.userinfo(&metadata, grant, &newer).await?
        }
        claims => claims?,
    };
    // OpenID Connect Core 1.0, section 5.3.2.
    let identifying = identifying_claims(claims.clone(), &provider.profile.userinfo);
    match from_userinfo(&identifying) {
        Some(user) if user.subject == session.subject => Ok(claims),
        Some(_) => Err(CallError::OtherUser.into()),
        None => Err(CallError::Nonsense.into()),
    }
}
