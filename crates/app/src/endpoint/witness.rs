//! What a provider still takes a token for: only a demo can tell, for there the
//! provider is in the same process.

use super::Failure;
use crate::json::Answer;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use wire::Worth;

use super::transport::SameOrigin;

/// Somebody who can look at the provider's side of a token.
#[cfg(feature = "ssr")]
pub trait Witness: Send + Sync {
    /// What the token with this fingerprint is still worth; none where the
    /// text is no access or refresh token's.
    fn worth(&self, fingerprint: &str) -> Option<Worth>;
}

/// `GET /auth/demo/token`: what the provider still takes the token with this
/// fingerprint for. Demo only. A fingerprint opens nothing, and neither does
/// the answer.
#[server(prefix = "/auth", endpoint = "/demo/token", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn witness_token(fingerprint: String) -> Result<Worth, Failure> {
    use wire::{Code, Problem};
    let witness = use_context::<std::sync::Arc<dyn Witness>>().ok_or_else(|| {
        Failure(Problem::new(
            Code::NotFound,
            "There is no demo provider here.",
        ))
    })?;
    witness.worth(&fingerprint).ok_or_else(|| {
        Failure(Problem::new(
            Code::BadRequest,
            "Expected a fingerprint of an access or refresh token, like at·7f3a9c.",
        ))
    })
}
