//! The `confidant` command.

mod arguments;

#[cfg(feature = "demo")]
use arguments::ProviderArguments;
use arguments::{Arguments, Command};
use clap::Parser;
use confidant::{
    config::{Config, Environment, summary::Summary},
    logging,
    serve::serve,
    shutdown::Shutdown,
};
#[cfg(feature = "demo")]
use confidant::{
    config::{LogFormat, SecretSource},
    demo::standalone::{self, Standalone},
};
use confidant_bff::{Secret, SystemRandom};
use mimalloc::MiMalloc;
use std::{error::Error, path::Path, process::ExitCode};

/// Each forwarded request makes about a hundred small allocations, on several
/// threads at once: the case that mimalloc is built for.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let environment = Environment::from_process();
    let result = match Arguments::parse().command {
        Command::Serve { config } => run(config.as_deref(), &environment).await,
        Command::Check { config } => check(&config, &environment),
        Command::Keygen => {
            println!("{}", confidant_bff::keygen(&SystemRandom));
            Ok(())
        }
        #[cfg(feature = "demo")]
        Command::Provider(arguments) => run_provider(arguments, &environment).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type CommandResult = Result<(), Box<dyn Error>>;

fn generate_secret() -> Secret {
    Secret::new(confidant_bff::generate_secret(&SystemRandom))
}

async fn run(file: Option<&Path>, environment: &Environment) -> CommandResult {
    let config = Config::load(file, environment, &generate_secret)?;
    let _log_guard = logging::init(config.log_format);
    Ok(serve(config, Shutdown::on_signal()?).await?)
}

fn check(file: &Path, environment: &Environment) -> CommandResult {
    let config = Config::load(Some(file), environment, &generate_secret)?;
    print!("{} is valid.\n\n{}", file.display(), Summary(&config));
    Ok(())
}

#[cfg(feature = "demo")]
async fn run_provider(arguments: ProviderArguments, environment: &Environment) -> CommandResult {
    let _log_guard = logging::init(LogFormat::Text);
    let settings = Standalone {
        listen: arguments.listen,
        app_url: arguments.app_url,
        client_secret: SecretSource::Variable(arguments.client_secret_env).read(environment)?,
        state_file: arguments.state_file,
        access_token_lifetime: std::time::Duration::from_secs(arguments.access_token_seconds),
    };
    Ok(standalone::run(settings, Shutdown::on_signal()?).await?)
}
