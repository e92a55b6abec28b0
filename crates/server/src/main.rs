//! The `confidant` command.

mod arguments;

use arguments::{Arguments, Command, ProviderArguments};
use clap::Parser;
use confidant::{
    config::{Config, Environment, LogFormat, summary::Summary},
    demo::{self, Alone},
    logging,
    serve::serve,
    shutdown::Shutdown,
};
use confidant_bff::{random::SystemRandom, settings::Secret};
use mimalloc::MiMalloc;
use std::{error::Error, path::Path, process::ExitCode, time::Duration};

/// Forwarded requests come in thousands, from several threads, and each makes
/// and drops a hundred small things.
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
    Secret::new(confidant_bff::random::secret(&SystemRandom))
}

async fn run(file: Option<&Path>, environment: &Environment) -> CommandResult {
    let config = Config::load(file, environment, &generate_secret)?;
    let _log_guard = logging::init(config.log_format)?;
    Ok(serve(config, Shutdown::on_signal()?).await?)
}

fn check(file: &Path, environment: &Environment) -> CommandResult {
    let config = Config::load(Some(file), environment, &generate_secret)?;
    print!("{} is right.\n\n{}", file.display(), Summary(&config));
    Ok(())
}

async fn run_provider(arguments: ProviderArguments, environment: &Environment) -> CommandResult {
    let _log_guard = logging::init(LogFormat::Text)?;
    let settings = Alone {
        listen: arguments.listen,
        app_url: arguments.app_url,
        client_secret: environment.secret(&arguments.client_secret_env)?,
        state_file: arguments.state_file,
        access_token_lifetime: Duration::from_secs(arguments.access_token_seconds),
    };
    Ok(demo::alone(settings, Shutdown::on_signal()?).await?)
}
