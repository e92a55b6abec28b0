//! Scripts, WebAssembly and styles from the site's `pkg` folder.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::{Next, from_fn},
    response::Response,
};
use std::path::Path;
use tower_http::services::ServeDir;

/// The policy of a file whose name contains the hash of its content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The policy of other files: the browser asks each time, and gets a 304 if the
/// file has not changed.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves a folder. Prefers compressed files (`.br`, `.gz`) that the browser
/// accepts.
pub fn router(folder: &Path) -> Router {
    Router::new()
        .fallback_service(
            ServeDir::new(folder)
                .append_index_html_on_directories(false)
                .precompressed_br()
                .precompressed_gzip(),
        )
        .layer(from_fn(set_cache_control))
}

async fn set_cache_control(request: Request, next: Next) -> Response {
    let policy = if has_hash(request.uri().path()) {
        IMMUTABLE
    } else {
        REVALIDATE
    };
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_success() || status == axum::http::StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CACHE_CONTROL, policy);
    }
    response
}

/// Returns whether a name has the form `stem.HASH.ext`, as in a release build.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts: Vec<&str> = name.split('.').collect();
    let [stem, hash, extension] = parts.as_slice() else {
        return false;
    };
    !stem.is_empty()
        && !extension.is_empty()
        && hash.len() >= 16
        && hash
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        body::{Body, to_bytes},
        http::StatusCode,
    };
    use tower::ServiceExt;

    async fn get(path: &str, encodings: &str) -> (StatusCode, Response) {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("confidant.js", "plain"),
            ("confidant.css", "p{}"),
            ("confidant.css.br", "compressed"),
            ("confidant.V8Zqe8iiJJ3wqOhIJyeYxA.wasm", "\0asm"),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let request = Request::get(path)
            .header("accept-encoding", encodings)
            .body(Body::empty())
            .unwrap();
        let response = router(folder.path()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 100).await.unwrap();
        (parts.status, Response::from_parts(parts, bytes.into()))
    }

    #[tokio::test]
    async fn a_file_with_a_hash_in_its_name_is_immutable() {
        let (status, response) = get("/confidant.V8Zqe8iiJJ3wqOhIJyeYxA.wasm", "").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(response.headers()[CACHE_CONTROL], IMMUTABLE);
        assert_eq!(response.headers()["content-type"], "application/wasm");
    }

    #[tokio::test]
    async fn a_file_without_a_hash_is_revalidated_each_time() {
        let (status, response) = get("/confidant.js", "").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(response.headers()[CACHE_CONTROL], REVALIDATE);
    }

    #[tokio::test]
    async fn a_browser_that_accepts_brotli_gets_the_compressed_file() {
        let (_, response) = get("/confidant.css", "gzip, br").await;
        assert_eq!(response.headers()["content-encoding"], "br");
        assert_eq!(
            to_bytes(response.into_body(), 100).await.unwrap(),
            "compressed"
        );
        let (_, response) = get("/confidant.css", "").await;
        assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), "p{}");
    }

    #[tokio::test]
    async fn files_outside_the_folder_are_not_found_and_a_404_is_not_cached() {
        for path in [
            "/confidant.AAAAAAAAAAAAAAAAAAAAAA.js",
            "/../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/",
        ] {
            let (status, response) = get(path, "br").await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(!response.headers().contains_key(CACHE_CONTROL), "{path}");
        }
    }

    #[test]
    fn a_hash_differs_from_a_word() {
        assert!(has_hash("/pkg/confidant.V8Zqe8iiJJ3wqOhIJyeYxA.js"));
        assert!(!has_hash("/pkg/confidant.js"));
        assert!(!has_hash("/pkg/confidant.min.js"));
        assert!(!has_hash("/pkg/V8Zqe8iiJJ3wqOhIJyeYxA.js"));
    }
}
