//! Plays the scenario in one kind of client, in windows with its own pages.

use super::{
    control::Control,
    result::{After, Played, Run, Shown},
    spy::{self, Spy},
    step::Step,
    tab::Tab,
};
use crate::{
    browser,
    client::{self, Source},
    endpoint, json,
    page::Page,
};
use browser_client::{Browser, Platform};
use wire::{ClientKind, Report, TokenKind};

/// How long a page may take to do what its button says, in milliseconds.
const PATIENCE: u32 = 15_000;
/// How long a person may take at the provider.
const AT_THE_PROVIDER: u32 = 180_000;

const TOKEN: &str = "[data-token=access]";
const SIGN_IN: &str = "form[data-deed=sign_in] button";
const SIGN_OUT: &str = "form[data-deed=sign_out] button";
const EXPIRE: &str = "form[data-deed=expire] button";
const REFRESH: &str = "form[data-deed=refresh] button";
const PROFILE: &str = "form[data-page$=profile] button";
const BACK: &str = "p.back a";

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
    pub(super) async fn play(mut self) -> Run {
        let name = self.source.portrait().name;
        let Some(mut tab) = self.window("confidant-first", Step::SignIn).await else {
            self.note(
                Step::SignIn,
                0,
                Some("The browser opened no window.".to_owned()),
                None,
            );
            return self.run;
        };
        for (n, step) in Step::ALL.into_iter().enumerate() {
            let number = self.before + n + 1;
            self.control.begin(name, step, number).await;
            if self.control.is_stopped() {
                break;
            }
            let began = browser::now();
            let outcome = self.step(step, &mut tab).await;
            let took = browser::now().saturating_sub(began);
            let failed = outcome.err();
            let over = failed.is_some();
            self.note(step, took, failed, Some(&tab));
            if over {
                break;
            }
        }
        tab.close();
        self.run
    }

    async fn step(&mut self, step: Step, tab: &mut Tab) -> Outcome {
        match step {
            Step::SignIn => self.sign_in(tab).await,
            Step::Call => self.call(tab).await,
            Step::ExpireAndCall => {
                self.to_menu(tab).await?;
                self.press(tab, EXPIRE, Page::AutomaticRefresh, ".change")
                    .await
            }
            Step::Refresh => {
                self.to_menu(tab).await?;
                self.press(tab, REFRESH, Page::ManualRefresh, ".change")
                    .await
            }
            Step::SecondTab => self.second_tab(tab).await,
            Step::Reload => {
                tab.reload();
                self.run.after_reload = Some(self.settled(tab).await?);
                Ok(())
            }
            Step::ComeBack => {
                tab.close();
                let opened = self.window("confidant-again", step).await;
                *tab = opened.ok_or("The browser opened no window.")?;
                self.run.after_close = Some(self.settled(tab).await?);
                Ok(())
            }
            Step::SignOut => self.sign_out(tab).await,
        }
    }

    /// A window with the kind's menu. Where the browser blocks it, the person
    /// is asked to press a button for it.
    async fn window(&self, name: &str, step: Step) -> Option<Tab> {
        let path = Page::Menu.path(self.source.kind());
        if let Some(tab) = Tab::open(&path, name) {
            return Some(tab);
        }
        let kind = self.source.portrait().name;
        let number = self.before + 1;
        let label = "Your browser blocked the window: open it";
        self.control.ask(kind, step, number, label).await;
        Tab::open(&path, name)
    }

    /// Waits for a page that has drawn itself; whether somebody is signed in.
    async fn settled(&self, tab: &Tab) -> Result<bool, String> {
        let kind = self.source.kind();
        let drawn = |tab: &Tab| is_loaded(tab, kind) && (tab.has(TOKEN) || tab.has(SIGN_IN));
        if !tab.until(PATIENCE, drawn).await {
            return Err(said(tab, "The page did not draw itself."));
        }
        // What the page had before is replaced within a moment, if at all.
        Browser.sleep(300).await;
        self.spy.listen(tab);
        Ok(tab.has(TOKEN))
    }

    async fn sign_in(&mut self, tab: &Tab) -> Outcome {
        if self.settled(tab).await? {
            tab.press(SIGN_OUT);
            let out = |tab: &Tab| tab.path().as_deref() == Some("/");
            if !tab.until(PATIENCE, out).await {
                return Err(said(tab, "The session from before could not be ended."));
            }
            let menu = Page::Menu.path(self.source.kind());
            let again = Tab::open(&menu, "confidant-first");
            again.ok_or("The browser opened no window.")?;
            Browser.sleep(300).await;
            self.settled(tab).await?;
        }
        if !tab.press(SIGN_IN) {
            return Err(said(tab, "There is nowhere to sign in."));
        }
        let kind = self.source.kind();
        // The form stays until the window leaves for the provider.
        let back = |tab: &Tab| is_loaded(tab, kind) && tab.has(TOKEN);
        let control = self.control;
        let back = tab
            .until(AT_THE_PROVIDER, |tab| back(tab) || control.is_stopped())
            .await;
        if control.is_stopped() {
            return Err("Stopped.".to_owned());
        }
        match back && self.settled(tab).await? {
            true => Ok(()),
            false => Err(said(tab, "Nobody signed in.")),
        }
    }

    async fn call(&mut self, tab: &Tab) -> Outcome {
        let began = browser::now();
        self.press(tab, PROFILE, Page::Profile, "#profile-title")
            .await?;
        self.run.first_answer = Some(browser::now().saturating_sub(began));
        Ok(())
    }

    async fn to_menu(&self, tab: &Tab) -> Outcome {
        let menu = Page::Menu.path(self.source.kind());
        let there = |tab: &Tab| tab.path().as_deref() == Some(menu.as_str()) && tab.has(EXPIRE);
        if there(tab) || (tab.press(BACK) && tab.until(PATIENCE, there).await) {
            return Ok(());
        }
        Err(said(tab, "The menu did not come back."))
    }

    /// Presses a button and waits for what it leads to.
    async fn press(&self, tab: &Tab, button: &str, page: Page, sign: &str) -> Outcome {
        let path = page.path(self.source.kind());
        if !tab.press(button) {
            return Err(said(tab, "A button is missing."));
        }
        let there = |tab: &Tab| tab.path().as_deref() == Some(path.as_str()) && tab.has(sign);
        match tab.until(PATIENCE, there).await {
            true => Ok(()),
            false => Err(said(tab, "The page did not come.")),
        }
    }

    async fn second_tab(&mut self, tab: &Tab) -> Outcome {
        let opened = self.window("confidant-second", Step::SecondTab).await;
        let second = opened.ok_or("The browser opened no second window.")?;
        let both = async {
            if !self.settled(&second).await? {
                return Err("The second window is not signed in.".to_owned());
            }
            self.to_menu(tab).await?;
            self.collect(tab).await;
            let before = self.run.refreshes();
            let expired = self.source.expire().await;
            expired.map_err(|problem| problem.message)?;
            tab.press(PROFILE);
            second.press(PROFILE);
            let done = |tab: &Tab| tab.has("#profile-title");
            for tab in [tab, &second] {
                if !tab.until(PATIENCE, done).await {
                    return Err(said(tab, "One of the two windows got no answer."));
                }
            }
            self.collect(tab).await;
            self.collect(&second).await;
            self.run.two_windows = Some((self.run.refreshes() - before) as u64);
            Ok(())
        }
        .await;
        second.close();
        both
    }

    async fn sign_out(&mut self, tab: &Tab) -> Outcome {
        self.collect(tab).await;
        let last = self.run.steps.iter().rev().find_map(|it| it.token.clone());
        tab.press(SIGN_OUT);
        let out = |tab: &Tab| tab.path().as_deref() == Some("/");
        if !tab.until(PATIENCE, out).await {
            return Err(said(tab, "The sign-out did not come to an end."));
        }
        let Some(last) = last else { return Ok(()) };
        let access = endpoint::witness_token(last.access).await;
        let access = access.map_err(|endpoint::Failure(problem)| problem.message)?;
        let refresh = match last.refresh {
            Some(token) => endpoint::witness_token(token).await.ok(),
            None => None,
        };
        self.run.after_sign_out = Some(After { access, refresh });
        Ok(())
    }

    /// Takes over what the client's log holds.
    async fn collect(&mut self, tab: &Tab) {
        // A page of a client in the browser leaves its log in its window. That
        // of the backend for frontend is the server's.
        let report: Option<Report> = match self.source.kind() == ClientKind::BFF {
            true => self.source.report().await.ok(),
            false => tab
                .text(browser::REPORT)
                .and_then(|text| json::read(&text).ok()),
        };
        self.run.travelled(report.unwrap_or_default().exchanges);
    }

    /// Writes down what was seen after a step.
    fn note(&mut self, step: Step, took: u64, failed: Option<String>, tab: Option<&Tab>) {
        let token = tab.and_then(shown);
        let places = |kind, token: Option<&str>| match (tab, token) {
            (Some(tab), Some(token)) => spy::places(tab, &self.spy, kind, token),
            _ => Vec::new(),
        };
        let access_token = places(
            TokenKind::Access,
            token.as_ref().map(|it| it.access.as_str()),
        );
        let refresh = token.as_ref().and_then(|it| it.refresh.as_deref());
        let refresh_token = places(TokenKind::Refresh, refresh);
        self.run.steps.push(Played {
            step,
            took,
            failed,
            token,
            access_token,
            refresh_token,
        });
    }
}

/// The tokens that the page names.
fn shown(tab: &Tab) -> Option<Shown> {
    Some(Shown {
        access: tab.text_of(TOKEN)?,
        refresh: tab.text_of("[data-token=refresh]"),
    })
}

/// Whether the window is at a page of this kind, and that is loaded.
fn is_loaded(tab: &Tab, kind: ClientKind) -> bool {
    let ours = tab.path().and_then(|path| client::kind_of(&path)) == Some(kind);
    let at_callback = tab.path().is_some_and(|path| path.ends_with("/callback"));
    let ready = tab
        .document()
        .is_some_and(|it| it.ready_state() == "complete");
    ours && ready && !at_callback
}

/// What the page says went wrong, or this.
fn said(tab: &Tab, otherwise: &str) -> String {
    let alert = tab.text_of("[role=alert] p");
    match alert.or_else(|| tab.text_of("h1")) {
        Some(words) => format!("{otherwise} It says: {}", words.trim()),
        None => otherwise.to_owned(),
    }
}
