//! Registers a service worker under a policy that requires Trusted Types: there
//! the address of a script has to come from a named policy of the page.

use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::ServiceWorkerContainer;

/// The policy's name, which the page's `Content-Security-Policy` has to allow.
const POLICY: &str = "confidant-service-worker";

thread_local! {
    /// The page's policy. A second one of the same name would be refused.
    static CREATED: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Registers the service worker of this script.
///
/// # Errors
/// The browser's.
pub(super) fn register(
    container: &ServiceWorkerContainer,
    script: &str,
) -> Result<Promise, JsValue> {
    let address = trusted(script)?.unwrap_or_else(|| script.into());
    // Typed, `register` would take a text only.
    let register: Function = Reflect::get(container, &"register".into())?.dyn_into()?;
    register.call1(container, &address)?.dyn_into()
}

/// Returns the script's address as the policy creates it; none in a browser
/// without Trusted Types.
fn trusted(script: &str) -> Result<Option<JsValue>, JsValue> {
    let window: JsValue = web_sys::window().into();
    let factory = Reflect::get(&window, &"trustedTypes".into())?;
    if factory.is_undefined() {
        return Ok(None);
    }
    let policy = match CREATED.with_borrow(Option::clone) {
        Some(policy) => policy,
        None => {
            let policy = create(&factory, script)?;
            CREATED.with_borrow_mut(|created| *created = Some(policy.clone()));
            policy
        }
    };
    let create: Function = Reflect::get(&policy, &"createScriptURL".into())?.dyn_into()?;
    create.call1(&policy, &script.into()).map(Some)
}

/// Creates the policy. It allows this one script.
fn create(factory: &JsValue, script: &str) -> Result<JsValue, JsValue> {
    let allowed = script.to_owned();
    let only = Closure::<dyn Fn(String) -> Result<String, JsValue>>::new(move |asked: String| {
        match asked == allowed {
            true => Ok(asked),
            false => Err(JsValue::from_str("not the service worker's script")),
        }
    });
    let rules = Object::new();
    Reflect::set(&rules, &"createScriptURL".into(), only.as_ref())?;
    // The policy lives as long as the page.
    only.forget();
    let create: Function = Reflect::get(factory, &"createPolicy".into())?.dyn_into()?;
    create.call2(factory, &POLICY.into(), &rules)
}
