//! What issuing tokens to a client depends on.

use crate::{
    clock::UnixTime, config::Client, dpop::key::Thumbprint, provider::Provider,
    records::issue::IssueContext,
};

/// Returns the context for tokens of `client`, which has proved `key`.
pub(super) fn issue_context<'a>(
    provider: &'a Provider,
    client: &Client,
    key: Option<&'a Thumbprint>,
    now: UnixTime,
) -> IssueContext<'a> {
    let policy = provider.policy(client);
    IssueContext {
        now,
        access_token_lifetime: provider.config().access_token_lifetime_under(&policy),
        randomness: provider.randomness(),
        successor_key: provider.derivation_key(),
        key,
        binds_refresh_tokens: !client.is_confidential(),
    }
}
