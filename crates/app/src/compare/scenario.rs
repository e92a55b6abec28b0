//! Plays the scenario in one kind of client, on its own pages in frames. The
//! first step, the sign-in, is behind it when it begins.

use super::{
    control::Control,
    frame::Frame,
    result::{After, Played, Run, Shown},
    spy::{self, Loot, Spy},
    step::Step,
};
use crate::{
    browser,
    client::{self, Source},
    endpoint, json,
    page::Page,
};
use confidant_browser::{Browser, Platform, Request};
use confidant_wire::{ClientKind, Report, TokenKind, Worth};

/// How long a page may take to do what its button says, in milliseconds.
const PATIENCE: u32 = 15_000;

const NO_FRAME: &str = "No frame could be opened.";

const TOKEN: &str = "[data-token=access]";
const SIGN_IN: &str = "form[data-deed=sign_in] button";
const SIGN_OUT: &str = "form[data-deed=sign_out] button";
const EXPIRE: &str = "form[data-deed=expire] button";
const REFRESH: &str = "form[data-deed=refresh] button";
const PROFILE: &str = "form[data-page$=profile] button";
const BACK: &str = "p.back a";
/// What a page shows of a refresh.
const CHANGE: &str = ".change";
/// What a page shows of a profile.
const CLAIMS: &str = "#profile-title";

/// One kind under way.
pub(super) struct Scenario<'a> {
    source: &'static dyn Source,
    control: &'a Control,
    /// How many steps of other kinds were played before.
    before: usize,
    run: Run,
    spy: Spy,
}

type Outcome = Result<(), String>;

impl<'a> Scenario<'a> {
    pub(super) fn new(source: &'static dyn Source, control: &'a Control, before: usize) -> Self {
        Self {
            source,
            control,
            before,
            run: Run::begin(source.kind()),
            spy: Spy::default(),
        }
    }

    /// Plays all steps, until one fails or the person has had enough.
    /// `signing_in` is how long the person was away, in milliseconds.
    pub(super) async fn play(mut self, signing_in: u64) -> Run {
        let Some(mut frame) = self.open() else {
            return Run::failed(self.source.kind(), NO_FRAME);
        };
        for (n, step) in Step::ALL.into_iter().enumerate() {
            let number = self.before + n + 1;
            let name = self.source.portrait().name;
            self.control.begin(name, step, number).await;
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
        let path = Page::Menu.path(self.source.kind());
        Frame::open(&path, self.source.portrait().name)
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

    /// Waits for a page that has drawn itself; whether somebody is signed in.
    async fn settled(&self, frame: &Frame) -> Result<bool, String> {
        let kind = self.source.kind();
        let drawn =
            |frame: &Frame| is_loaded(frame, kind) && (frame.has(TOKEN) || frame.has(SIGN_IN));
        if !frame.until(PATIENCE, drawn).await {
            return Err(said(frame, "The page did not draw itself."));
        }
        self.spy.listen(frame);
        // Until its scripts run, a button of the server's page is a plain form.
        Browser.sleep(700).await;
        Ok(frame.has(TOKEN))
    }

    async fn to_menu(&self, frame: &Frame) -> Outcome {
        let menu = Page::Menu.path(self.source.kind());
        let there =
            |frame: &Frame| frame.path().as_deref() == Some(menu.as_str()) && frame.has(EXPIRE);
        if there(frame) || (frame.press(BACK) && frame.until(PATIENCE, there).await) {
            return Ok(());
        }
        Err(said(frame, "The menu did not come back."))
    }

    /// Presses a button and waits for what it leads to.
    async fn press(&self, frame: &Frame, button: &str, page: Page, sign: &str) -> Outcome {
        let path = page.path(self.source.kind());
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
        let expired = self.source.expire().await;
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
        let last = self.run.steps.iter().rev().find_map(|it| it.token.clone());
        if !frame.press(SIGN_OUT) {
            return Err(said(frame, "There is no way to sign out."));
        }
        let out = |frame: &Frame| frame.path().as_deref() == Some("/");
        if !frame.until(PATIENCE, out).await {
            return Err(said(frame, "The sign-out did not come to an end."));
        }
        let Some(last) = last else { return Ok(()) };
        let access = worth(last.access).await?;
        let refresh = match last.refresh {
            Some(token) => Some(worth(token).await?),
            None => None,
        };
        self.run.after_sign_out = Some(After { access, refresh });
        Ok(())
    }

    /// Takes over what the client's log holds.
    async fn collect(&mut self, frame: &Frame) {
        // A page that was drawn in its frame leaves its log there. That of a
        // page that the server drew is the server's.
        let left: Option<Report> = frame
            .text(browser::REPORT)
            .and_then(|text| json::read(&text).ok());
        let report = match left {
            Some(report) => Some(report),
            None => self.source.report().await.ok(),
        };
        self.run.travelled(report.unwrap_or_default().exchanges);
    }

    /// Writes down what was seen after a step.
    async fn note(&mut self, step: Step, took: u64, failed: Option<String>, frame: &Frame) {
        let token = shown(frame);
        let search = |kind, name: Option<&str>| match name {
            Some(name) => spy::search(frame, &self.spy, kind, name),
            None => Loot::default(),
        };
        let access = search(
            TokenKind::Access,
            token.as_ref().map(|it| it.access.as_str()),
        );
        let refresh = search(
            TokenKind::Refresh,
            token.as_ref().and_then(|it| it.refresh.as_deref()),
        );
        if let (Step::Call, Some(token)) = (step, access.token) {
            self.run.stolen = Some(use_elsewhere(&token).await.unwrap_or_default());
        }
        self.run.steps.push(Played {
            step,
            took,
            failed,
            token,
            access_token: access.places,
            refresh_token: refresh.places,
        });
    }
}

/// What the provider still takes the token of this name for.
async fn worth(fingerprint: String) -> Result<Worth, String> {
    let worth = endpoint::look_at_token(fingerprint).await;
    worth.map_err(|endpoint::Failure(problem)| problem.message)
}

/// How the provider answers whoever has nothing but this text; none for no
/// answer.
async fn use_elsewhere(token: &str) -> Option<u16> {
    let providers = endpoint::list_providers().await.ok()?;
    let url = providers
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
    let ours = frame.path().and_then(|path| client::kind_of(&path)) == Some(kind);
    let ready = frame.document().map(|it| it.ready_state());
    ours && ready.as_deref() == Some("complete")
}

/// What the page says went wrong, or this.
fn said(frame: &Frame, otherwise: &str) -> String {
    let alert = frame.text_of("[role=alert] p");
    match alert.or_else(|| frame.text_of("h1")) {
        Some(words) => format!("{otherwise} It says: {}", words.trim()),
        None => otherwise.to_owned(),
    }
}
