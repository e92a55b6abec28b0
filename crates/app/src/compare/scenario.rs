//! Runs the scenario with one client kind, on its own pages in frames. The first
//! step, the sign-in, is done when it begins.

use super::{
    control::Control,
    iframe::Frame,
    result::{After, Run, Shown, StepResult},
    step::Step,
    token_probe::{self, ExposedToken, TokenProbe},
};
use crate::{
    api::Failure,
    browser,
    clients::{OAuthClient, providers},
    fault_panel::commands,
    page_data::Next,
    routes::{Page, Route},
};
use confidant_browser::{Browser, Platform, Request};
use confidant_wire::{ClientKind, Exchange, TokenKind, TokenStatus};
use leptos::serde_json;

/// How long a page may take to do what its button says, in milliseconds.
const PATIENCE: u32 = 15_000;

const NO_FRAME: &str = "No frame could be opened.";

const TOKEN: &str = "[data-token=access]";
const SIGN_IN: &str = "form[data-action=sign_in] button";
const SIGN_OUT: &str = "form[data-action=sign_out] button";
const EXPIRE: &str = "form[data-action=expire_and_call] button";
const REFRESH: &str = "form[data-action=refresh] button";
const PROFILE: &str = "form[action$='/profile'] button";
/// The mark of a page whose scripts run.
const HYDRATED: &str = "main[data-hydrated]";
const BACK: &str = "p.back a";
/// What a page shows of a refresh.
const CHANGE: &str = ".change";
/// What a page shows of a profile.
const CLAIMS: &str = "#profile-title";

/// One kind under way.
pub(super) struct Scenario {
    client: &'static dyn OAuthClient,
    control: Control,
    /// The number of steps that ran for other kinds before.
    before: usize,
    run: Run,
    probe: TokenProbe,
}

type Outcome = Result<(), String>;

impl Scenario {
    pub(super) fn new(client: &'static dyn OAuthClient, control: Control, before: usize) -> Self {
        Self {
            client,
            control,
            before,
            run: Run::begin(client.kind()),
            probe: TokenProbe::default(),
        }
    }

    /// Plays all steps, until one fails or the user stops the run.
    /// `signing_in` is how long the user was away, in milliseconds.
    pub(super) async fn run_steps(mut self, signing_in: u64) -> Run {
        let Some(mut frame) = self.open() else {
            return Run::failed(self.client.kind(), NO_FRAME);
        };
        for (n, step) in Step::ALL.into_iter().enumerate() {
            let number = self.before + n + 1;
            let name = self.client.descriptor().name;
            self.control.begin_step(name, step, number).await;
            if self.control.is_stopped() {
                break;
            }
            let began = browser::now();
            let outcome = self.step(step, &mut frame).await;
            let took = match step {
                Step::SignIn => signing_in,
                _ => browser::now().saturating_sub(began),
            };
            let over = outcome.is_err();
            self.note(step, took, outcome.err(), &frame).await;
            if over {
                break;
            }
        }
        frame.close();
        self.run
    }

    fn open(&self) -> Option<Frame> {
        let path = Page::Menu.path(self.client.kind());
        Frame::open(&path, self.client.descriptor().name)
    }

    async fn step(&mut self, step: Step, frame: &mut Frame) -> Outcome {
        match step {
            Step::SignIn => match self.settled(frame).await? {
                true => Ok(()),
                false => Err(said(frame, "Nobody signed in.")),
            },
            Step::Call => {
                let began = browser::now();
                self.press(frame, PROFILE, Page::Profile, CLAIMS).await?;
                self.run.first_answer = Some(browser::now().saturating_sub(began));
                Ok(())
            }
            Step::ExpireAndCall => {
                self.to_menu(frame).await?;
                self.press(frame, EXPIRE, Page::AutomaticRefresh, CHANGE)
                    .await
            }
            Step::Refresh => {
                self.to_menu(frame).await?;
                self.press(frame, REFRESH, Page::ManualRefresh, CHANGE)
                    .await
            }
            Step::SecondTab => self.two_at_once(frame).await,
            Step::Reload => {
                self.collect(frame).await;
                if !frame.reload(PATIENCE).await {
                    return Err(said(frame, "The page was not loaded again."));
                }
                self.run.after_reload = Some(self.settled(frame).await?);
                Ok(())
            }
            Step::ComeBack => {
                self.collect(frame).await;
                frame.close();
                *frame = self.open().ok_or(NO_FRAME)?;
                self.run.after_close = Some(self.settled(frame).await?);
                Ok(())
            }
            Step::SignOut => self.sign_out(frame).await,
        }
    }

    /// Waits until the page is hydrated. Returns whether the user is signed in.
    async fn settled(&self, frame: &Frame) -> Result<bool, String> {
        let kind = self.client.kind();
        let settled = |frame: &Frame| {
            // Until its scripts run, a button is one of a plain form.
            is_loaded(frame, kind)
                && frame.has(HYDRATED)
                && (frame.has(TOKEN) || frame.has(SIGN_IN))
        };
        if !frame.until(PATIENCE, settled).await {
            return Err(said(frame, "The page did not come to life."));
        }
        self.probe.listen(frame);
        Ok(frame.has(TOKEN))
    }

    async fn to_menu(&self, frame: &Frame) -> Outcome {
        let menu = Page::Menu.path(self.client.kind());
        let there =
            |frame: &Frame| frame.path().as_deref() == Some(menu.as_str()) && frame.has(EXPIRE);
        if there(frame) || (frame.press(BACK) && frame.until(PATIENCE, there).await) {
            return Ok(());
        }
        Err(said(frame, "The menu did not come back."))
    }

    /// Presses a button and waits for what it leads to.
    async fn press(&self, frame: &Frame, button: &str, page: Page, sign: &str) -> Outcome {
        let path = page.path(self.client.kind());
        if !frame.press(button) {
            return Err(said(frame, "A button is missing."));
        }
        let there =
            |frame: &Frame| frame.path().as_deref() == Some(path.as_str()) && frame.has(sign);
        match frame.until(PATIENCE, there).await {
            true => Ok(()),
            false => Err(said(frame, "The page did not come.")),
        }
    }

    /// One token that has expired, and two pages that want to use it.
    async fn two_at_once(&mut self, frame: &Frame) -> Outcome {
        let second = self.open().ok_or(NO_FRAME)?;
        let both = self.race(frame, &second).await;
        second.close();
        both
    }

    async fn race(&mut self, first: &Frame, second: &Frame) -> Outcome {
        if !self.settled(second).await? {
            return Err("The second page is not signed in.".to_owned());
        }
        self.to_menu(first).await?;
        self.collect(first).await;
        let before = self.run.refreshes();
        let expired = self.client.expire().await;
        expired.map_err(|problem| problem.message)?;
        first.press(PROFILE);
        second.press(PROFILE);
        for frame in [first, second] {
            if !frame.until(PATIENCE, |frame| frame.has(CLAIMS)).await {
                return Err(said(frame, "One of the two pages got no answer."));
            }
        }
        self.collect(first).await;
        self.collect(second).await;
        let after = self.run.refreshes();
        self.run.two_at_once = Some(after.saturating_sub(before) as u64);
        Ok(())
    }

    async fn sign_out(&mut self, frame: &Frame) -> Outcome {
        self.collect(frame).await;
        let last = self
            .run
            .steps
            .iter()
            .rev()
            .find_map(|result| result.token.clone());
        if !frame.press(SIGN_OUT) {
            return Err(said(frame, "There is no way to sign out."));
        }
        let out = |frame: &Frame| frame.path().as_deref() == Some("/");
        if !frame.until(PATIENCE, out).await {
            return Err(said(frame, "The sign-out did not come to an end."));
        }
        let Some(last) = last else { return Ok(()) };
        let access = token_status(last.access).await?;
        let refresh = match last.refresh {
            Some(token) => Some(token_status(token).await?),
            None => None,
        };
        self.run.after_sign_out = Some(After { access, refresh });
        Ok(())
    }

    /// Adds the client's exchanges.
    async fn collect(&mut self, frame: &Frame) {
        // A client that runs in its page leaves them there. Those of a client on
        // the server are the server's.
        let left: Option<Vec<Exchange>> = frame
            .text(browser::EXCHANGES)
            .and_then(|text| serde_json::from_str(&text).ok());
        let exchanges = match left {
            Some(exchanges) => exchanges,
            None => match self.client.view(Page::Menu).await {
                Ok(Next::Show(data)) => data.exchanges,
                Ok(Next::GoTo(_)) | Err(_) => Vec::new(),
            },
        };
        self.run.add_exchanges(exchanges);
    }

    /// Records what was seen after a step.
    async fn note(&mut self, step: Step, took: u64, failed: Option<String>, frame: &Frame) {
        let token = shown(frame);
        let search = |kind, name: Option<&str>| match name {
            Some(name) => token_probe::search(frame, &self.probe, kind, name),
            None => ExposedToken::default(),
        };
        let access = search(
            TokenKind::Access,
            token.as_ref().map(|token| token.access.as_str()),
        );
        let refresh = search(
            TokenKind::Refresh,
            token.as_ref().and_then(|token| token.refresh.as_deref()),
        );
        if let (Step::Call, Some(token)) = (step, access.token) {
            self.run.stolen = Some(use_elsewhere(&token).await.unwrap_or_default());
        }
        self.run.steps.push(StepResult {
            step,
            took,
            failed,
            token,
            access_token: access.places,
            refresh_token: refresh.places,
        });
    }
}

/// Returns what the provider still accepts the token with this fingerprint for.
async fn token_status(fingerprint: String) -> Result<TokenStatus, String> {
    let status = commands::token_status(fingerprint).await;
    status.map_err(|Failure(problem)| problem.message)
}

/// Returns how the provider answers an attacker who has nothing but this text;
/// none for no answer.
async fn use_elsewhere(token: &str) -> Option<u16> {
    let url = providers()
        .into_iter()
        .find_map(|provider| provider.userinfo_endpoint)?;
    let request = Request {
        method: "GET",
        url,
        headers: vec![("authorization", format!("Bearer {token}"))],
        body: None,
        cached: false,
    };
    let answer = Browser.fetch(&request, PATIENCE).await;
    answer.ok().map(|answer| answer.status)
}

/// The tokens that the page names.
fn shown(frame: &Frame) -> Option<Shown> {
    Some(Shown {
        access: frame.text_of(TOKEN)?,
        refresh: frame.text_of("[data-token=refresh]"),
    })
}

/// Whether a page of this kind is there, whole.
fn is_loaded(frame: &Frame, kind: ClientKind) -> bool {
    let route = frame.path().and_then(|path| Route::at(&path));
    let ours = matches!(route, Some(Route::Client(found, _)) if found == kind);
    let ready = frame.document().map(|document| document.ready_state());
    ours && ready.as_deref() == Some("complete")
}

/// Returns what the page says went wrong, or this.
fn said(frame: &Frame, otherwise: &str) -> String {
    let alert = frame.text_of("[role=alert] p");
    match alert.or_else(|| frame.text_of("h1")) {
        Some(words) => format!("{otherwise} It says: {}", words.trim()),
        None => otherwise.to_owned(),
    }
}
