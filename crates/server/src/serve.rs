//! `confidant serve`: opens the store, listens, serves, stops.

#[cfg(feature = "demo")]
use crate::demo::{DemoError, Embedded, fault_controls};
use crate::{
    config::Config,
    connections,
    http::rate_limit::{self, Limiter},
    listen::{ListenError, listen},
    metrics, operator,
    pages::Sources,
    router,
    shutdown::Shutdown,
};
use axum::{Router, http::header::InvalidHeaderValue, middleware::from_fn_with_state};
use confidant_app::{PageSettings, faults::SharedFaultControls};
use confidant_bff::{Bff, BffBuilder, BuildError, axum::ErrorPage};
use leptos::{config::errors::LeptosConfigError, prelude::LeptosOptions};
use std::path::Path;
use tokio::{net::TcpListener, task::JoinSet};

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// An address cannot be bound.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The library cannot be set up.
    #[error("{}", with_causes(.0))]
    Build(#[from] BuildError),
    /// A variable that names the browser's files is malformed.
    #[error("a LEPTOS_… environment variable is malformed: {0}")]
    Site(#[from] LeptosConfigError),
    /// The error page's Content-Security-Policy is not a valid header value.
    #[error("the error page's Content-Security-Policy is not a valid header value: {0}")]
    Policy(#[from] InvalidHeaderValue),
    /// The metrics recorder cannot be installed.
    #[error("the metrics recorder cannot be installed: {0}")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// The demo provider cannot run.
    #[cfg(feature = "demo")]
    #[error(transparent)]
    Demo(#[from] DemoError),
}

/// Joins an error and its causes, for the terminal.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Serves until shutdown is requested. Requests in flight then have
/// [`DRAIN_TIMEOUT`](crate::shutdown::DRAIN_TIMEOUT) to finish.
///
/// # Errors
/// If an address cannot be bound, the store or its keys cannot be used, or the
/// demo provider fails.
pub async fn serve(config: Config, shutdown: Shutdown) -> Result<(), ServeError> {
    // Ports first: if another server uses one, no file is created or changed.
    let listener = listen("the application", config.listen, "listen").await?;
    let operator = match config.operator_listen {
        Some(address) => Some(listen("the operator's listener", address, "operator.listen").await?),
        None => None,
    };
    #[cfg(feature = "demo")]
    let demo = Embedded::listen(&config).await?;
    metrics::install()?;
    let site = site_options()?;
    let bff = build_bff(&config, &site).await?;
    bff.describe_metrics();
    // Aborted when they are dropped.
    let mut tasks = JoinSet::new();
    tasks.spawn(metrics::run_upkeep());
    if let Some(listener) = operator {
        tasks.spawn(serve_operator(listener, operator::router(bff.clone())));
    }
    tracing::info!("Confidant is at {}", config.settings.public_url);

    #[cfg(feature = "demo")]
    let outcome = match demo {
        Some(demo) => serve_with_demo(&config, &bff, site, listener, demo, shutdown).await,
        None => serve_router(&config, &bff, None, site, listener, shutdown).await,
    };
    #[cfg(not(feature = "demo"))]
    let outcome = serve_router(&config, &bff, None, site, listener, shutdown).await;
    drop(tasks);
    bff.shutdown();
    outcome
}

/// Serves the application and the demo provider.
#[cfg(feature = "demo")]
async fn serve_with_demo(
    config: &Config,
    bff: &Bff,
    site: LeptosOptions,
    listener: TcpListener,
    demo: Embedded,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let mut demo = demo.start(config)?;
    let controls = fault_controls(config, bff, demo.provider().clone());
    let outcome = tokio::select! {
        outcome = serve_router(config, bff, controls, site, listener, shutdown) => outcome,
        error = demo.ended() => Err(error.into()),
    };
    // The provider stops last: requests in flight may still need it.
    demo.stop().await;
    outcome
}

async fn serve_router(
    config: &Config,
    bff: &Bff,
    controls: Option<SharedFaultControls>,
    site: LeptosOptions,
    listener: TcpListener,
    shutdown: Shutdown,
) -> Result<(), ServeError> {
    let proxies = &config.trusted_proxies;
    let limiter = Limiter::new(config.request_limits, proxies.clone(), bff.clone());
    let mut cleanup = JoinSet::new();
    cleanup.spawn(limiter.clone().run_cleanup());
    let router = limit_requests(build_router(bff.clone(), controls, site), limiter);
    let limits = config.connection_limits;
    connections::serve(listener, router, limits, proxies.clone(), shutdown).await;
    Ok(())
}

/// Serves the operator's routes until the task is aborted.
async fn serve_operator(listener: TcpListener, router: Router) {
    if let Err(error) = axum::serve(listener, router).await {
        tracing::error!(%error, "the operator's listener has failed");
    }
}

/// Adds the limits on the rate of requests, outside of everything else: a request
/// that is refused costs nothing more.
pub fn limit_requests(router: Router, limiter: Limiter) -> Router {
    router.layer(from_fn_with_state(limiter, rate_limit::limit))
}

/// Reads the keys, opens the store, and builds the library's [`Bff`].
///
/// # Errors
/// If the store or its keys cannot be used.
pub async fn build_bff(config: &Config, site: &LeptosOptions) -> Result<Bff, ServeError> {
    let policy = confidant_app::content_security_policy(None, &PageSettings::default(), false);
    let options = site.clone();
    let error_page = ErrorPage::new(policy.try_into()?, move |problem| {
        confidant_app::problem_page(&options, problem)
    });
    let builder = BffBuilder::from_settings(config.settings.clone())
        .store_url(config.store.clone())
        .error_page(error_page);
    let builder = if config.demo {
        builder.create_key_file(&config.key_file)
    } else {
        builder.key_file(&config.key_file)
    };
    Ok(builder.build().await?)
}

/// Returns the location of the browser's files, from cargo-leptos's environment
/// variables or their defaults.
///
/// # Errors
/// If one of the variables is malformed.
pub fn site_options() -> Result<LeptosOptions, LeptosConfigError> {
    let mut options = leptos::config::get_configuration(None)?.leptos_options;
    options.output_name = "confidant".into();
    Ok(options)
}

/// Builds the server's router. `controls` are the fault panel's, if the demo
/// provider runs in this process.
pub fn build_router(
    bff: Bff,
    controls: Option<SharedFaultControls>,
    site: LeptosOptions,
) -> Router {
    let assets = Path::new(&*site.site_root).join(&*site.site_pkg_dir);
    if !assets.is_dir() {
        tracing::warn!(
            "{} is missing: pages work, but without styles and WebAssembly",
            assets.display()
        );
    }
    router::router(site, Sources { bff, controls })
}
