//! What the provider says of the access token.

use crate::{BffError, components::Components, grant::TokenRequirement, session::SessionRecord};
use confidant_wire::Validation;

/// Asks the provider about the session's access token as it is: nothing is
/// refreshed for the question.
pub(crate) async fn validate(
    components: &Components,
    session: &SessionRecord,
) -> Result<Validation, BffError> {
    let (provider, metadata) = components.provider_of(session).await?;
    let grant = components.sessions.grant(session).await?;
    let cached = grant
        .cached_token(&TokenRequirement::default())
        .ok_or(BffError::NotSignedIn)?;
    let answer = provider.validate(&metadata, &session.grant, &cached.token);
    Ok(answer.await?)
}
