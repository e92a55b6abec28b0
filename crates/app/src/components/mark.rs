//! The mark: a shield with a keyhole.

use crate::routes::START;
use leptos::prelude::*;

/// The mark and the name, as a link to the start page.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <a class="name" href=START>
            <svg
                width="22"
                height="22"
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-width="2.2"
                aria-hidden="true"
            >
                <path d="M12 3 4 6v6c0 4.6 3.3 7.9 8 9 4.7-1.1 8-4.4 8-9V6z" />
                <circle cx="12" cy="11" r="2.1" fill="currentColor" stroke="none" />
                <path d="M12 12v4" />
            </svg>
            "Confidant"
        </a>
    }
}

/// The same mark as the page's icon, for which a browser would otherwise
/// request a file.
pub(crate) const FAVICON: &str = concat!(
    "data:image/svg+xml,",
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' ",
    "stroke='%230b8f7c' stroke-width='2.4'%3E",
    "%3Cpath d='M12 3 4 6v6c0 4.6 3.3 7.9 8 9 4.7-1.1 8-4.4 8-9V6z'/%3E",
    "%3Ccircle cx='12' cy='11' r='2.1' fill='%230b8f7c' stroke='none'/%3E",
    "%3Cpath d='M12 12v4'/%3E%3C/svg%3E",
);
