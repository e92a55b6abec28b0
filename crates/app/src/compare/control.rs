//! What a person sees of a run, and how they stop it or let it go on.

use super::step::Step;
use confidant_browser::{Browser, Platform};
use maud::html;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event};

/// Where progress is told.
const PROGRESS: &str = "compare-progress";

/// How often a waiting run looks up, in milliseconds.
const PAUSE: u32 = 50;

/// A run's controls.
#[derive(Clone)]
pub(super) struct Control {
    stopped: Rc<Cell<bool>>,
    pressed: Rc<Cell<bool>>,
    by_step: bool,
    steps: usize,
}

impl Control {
    /// For so many steps in all.
    pub(super) fn new(by_step: bool, steps: usize) -> Self {
        Self {
            stopped: Rc::default(),
            pressed: Rc::default(),
            by_step,
            steps,
        }
    }

    /// Whether the person has had enough.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.get()
    }

    /// Says which step of which kind is under way, the `number`th of all;
    /// waits before it where that was asked for.
    pub(super) async fn begin(&self, kind: &str, step: Step, number: usize) {
        if self.by_step {
            self.ask(kind, step, number, "Do it").await;
        }
        self.tell(kind, step, number, None);
    }

    async fn ask(&self, kind: &str, step: Step, number: usize, label: &str) {
        self.pressed.set(false);
        self.tell(kind, step, number, Some(label));
        while !self.pressed.get() && !self.is_stopped() {
            Browser.sleep(PAUSE).await;
        }
    }

    fn tell(&self, kind: &str, step: Step, number: usize, ask: Option<&str>) {
        let words = format!("{kind}: {} ({number} of {})", step.name(), self.steps);
        let drawn = html! {
            p {
                progress max=(self.steps) value=(number) aria-label="Progress of the comparison" {}
                " " (words)
            }
            div.buttons {
                @if let Some(label) = ask { button.primary id="compare-go" type="button" { (label) } }
                button id="compare-stop" type="button" { "Stop" }
            }
        };
        show(PROGRESS, &drawn.into_string());
        on_press("compare-stop", &self.stopped);
        on_press("compare-go", &self.pressed);
    }
}

/// Says how it ended.
pub(super) fn end(stopped: bool) {
    let words = match stopped {
        true => "Stopped. What was measured until then stands below.",
        false => "Done. The result stands below.",
    };
    show(PROGRESS, &html! { p { (words) } }.into_string());
}

/// Puts markup into the element with this id.
pub(super) fn show(id: &str, markup: &str) {
    if let Some(element) = element(id) {
        element.set_inner_html(markup);
    }
}

/// The element with this id.
pub(super) fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Lets the button or field with this id be used.
pub(super) fn enable(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.remove_attribute("disabled");
    }
}

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn on_press(id: &str, flag: &Rc<Cell<bool>>) {
    let flag = flag.clone();
    listen(id, "click", move |_| flag.set(true));
}

/// Lets the element with this id tell of an event.
pub(super) fn listen(id: &str, event: &str, heard: impl Fn(Event) + 'static) {
    if let Some(element) = element(id) {
        let heard = Closure::<dyn Fn(Event)>::new(heard);
        let _ = element.add_event_listener_with_callback(event, heard.as_ref().unchecked_ref());
        // It goes with the element.
        heard.forget();
    }
}
