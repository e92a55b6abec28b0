//! Fetching a provider's documents: metadata and keys.

use super::{
    context,
    jose::KeySet,
    live_document::Fetched,
    metadata::{Metadata, MetadataError, addresses, nonsense},
};
use crate::{
    http_client::{HttpClient, TransportError},
    settings::{Endpoints, Provider},
};
use http::{
    Request, Response,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
};
use std::{future::Future, time::Duration};
use url::Url;

/// How long a document is used if the provider does not say.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);

/// The limits of what the provider may say.
const MIN_LIFETIME: Duration = Duration::from_secs(300);
const MAX_LIFETIME: Duration = Duration::from_secs(86_400);

type Reply = Response<Vec<u8>>;

/// Fetches the metadata of a provider. Endpoints that are configured are never
/// fetched.
pub(super) async fn metadata(
    http: HttpClient,
    provider: Provider,
) -> Result<Fetched<Metadata>, MetadataError> {
    let issuer = match &provider.endpoints {
        Endpoints::Fixed(endpoints) => {
            return Ok(Fetched {
                document: Metadata::of_fixed(endpoints),
                lifetime: Duration::MAX,
            });
        }
        Endpoints::Discover(issuer) => issuer,
    };
    within_deadline(async {
        let [openid, oauth] = addresses(issuer)?;
        let mut reply = get(&http, &openid).await?;
        // A provider without OpenID Connect (RFC 8414).
        if reply.status() == 404 {
            reply = get(&http, &oauth).await?;
        }
        let reply = successful(reply, &openid)?;
        let document = Metadata::read(reply.body(), issuer, &provider);
        Ok(Fetched {
            document: document.map_err(|error| with_media_type(error, &reply))?,
            lifetime: lifetime(&reply),
        })
    })
    .await
}

/// Fetches the keys at this address.
pub(super) async fn keys(http: HttpClient, uri: Url) -> Result<Fetched<KeySet>, MetadataError> {
    within_deadline(async {
        let reply = successful(get(&http, &uri).await?, &uri)?;
        let document = KeySet::parse(reply.body());
        let no_keys = || with_media_type(nonsense(format!("{uri} has no key set")), &reply);
        Ok(Fetched {
            document: document.ok_or_else(no_keys)?,
            lifetime: lifetime(&reply),
        })
    })
    .await
}

async fn within_deadline<T>(
    fetch: impl Future<Output = Result<T, MetadataError>>,
) -> Result<T, MetadataError> {
    let fetched = tokio::time::timeout(context::DEADLINE, fetch).await;
    fetched.unwrap_or(Err(MetadataError::Unavailable))
}

async fn get(http: &HttpClient, url: &Url) -> Result<Reply, MetadataError> {
    let request = Request::get(url.as_str())
        .header(ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|error| nonsense(format!("{url} cannot be requested: {error}")))?;
    let reply = http.send(context::about_no_grant(), request).await;
    reply.map_err(|error| match error {
        TransportError::NotSent | TransportError::Lost => MetadataError::Unavailable,
        TransportError::TooLarge => nonsense(format!("{url} is larger than a document may be")),
    })
}

fn successful(reply: Reply, url: &Url) -> Result<Reply, MetadataError> {
    match reply.status().as_u16() {
        200 => Ok(reply),
        429 | 500.. => Err(MetadataError::Unavailable),
        status => Err(nonsense(format!("{url} answers with status {status}"))),
    }
}

/// Adds the media type, which says more than a parser where a page was sent.
fn with_media_type(error: MetadataError, reply: &Reply) -> MetadataError {
    let media_type = reply.headers().get(CONTENT_TYPE);
    match (error, media_type.and_then(|value| value.to_str().ok())) {
        (MetadataError::Nonsense(text), Some(media_type)) if !media_type.contains("json") => {
            let media_type = confidant_protocol::log_text::log_text(media_type);
            nonsense(format!("{text} (the media type is {media_type})"))
        }
        (error, _) => error,
    }
}

/// Returns how long the document may be used (RFC 9111, section 5.2.2.1).
fn lifetime(reply: &Reply) -> Duration {
    reply
        .headers()
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|directive| directive.trim().strip_prefix("max-age="))
        .find_map(|seconds| seconds.trim_matches('"').parse().ok())
        .map_or(DEFAULT_LIFETIME, Duration::from_secs)
        .clamp(MIN_LIFETIME, MAX_LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_lives_as_long_as_the_provider_says_within_reason() {
        for (value, seconds) in [
            (None, 3600),
            (Some("public, max-age=7200, must-revalidate"), 7200),
            (Some("max-age=86400"), 86_400),
            (Some("max-age=31536000"), 86_400),
            (Some("max-age=0"), 300),
            (Some("no-store"), 3600),
            (Some("max-age=soon"), 3600),
        ] {
            let mut reply = Response::new(Vec::new());
            if let Some(value) = value {
                reply
                    .headers_mut()
                    .insert(CACHE_CONTROL, value.parse().unwrap());
            }
            assert_eq!(lifetime(&reply).as_secs(), seconds, "{value:?}");
        }
    }
}
