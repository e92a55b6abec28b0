//! Loads what a page shows: first the page's call, which may refresh the token,
//! then the token, then the exchange log.

use super::request::{self, backend, silent_reauthentication};
use crate::{
    clients::{linked::other_kind, oauth_client::not_signed_in},
    fault_panel::active_faults,
    page_data::{ExposedTokens, Next, Outcome, PageData, as_text},
    routes::Page,
};
use confidant_bff::BffError;
use confidant_wire::{ClientKind, Code, Problem, SessionView, SignedIn};

/// Makes the page's call and loads what the page shows after it. `kind` is the
/// client kind that the session must have, if the caller knows it.
///
/// # Errors
/// `not_signed_in`, `other_kind`, `grant_dead`, `store_unavailable`. If the
/// page's call fails, that is part of what the page shows.
pub(crate) async fn page_data(kind: Option<ClientKind>, page: Page) -> Result<Next, Problem> {
    let (bff, headers) = backend()?;
    let view = bff.session_view(&headers).await;
    let user = signed_in(view.map_err(|error| error.report())?, kind)?;
    let session = request::session().await?;
    let outcome = match page {
        Page::Menu | Page::ManualRefresh | Page::Faults => Ok(Outcome::Nothing),
        Page::Profile | Page::AutomaticRefresh => {
            let profile = session.userinfo().await;
            profile.map(|claims| Outcome::Profile(as_text(claims)))
        }
        Page::Validate => {
            let validation = session.validate().await;
            validation.map(|validation| Outcome::Validation(validation.into()))
        }
    };
    let outcome = outcome.map_err(|error: BffError| error.report());
    if let Err(problem) = &outcome
        && problem.code == Code::Reauthorize
        && let Some(url) = silent_reauthentication(&page.path(user.kind)).await
    {
        return Ok(Next::GoTo(url));
    }
    let token = session.token_view().await.map_err(|error| error.report())?;
    let report = session.report().await.map_err(|error| error.report())?;
    Ok(Next::Show(Box::new(PageData {
        kind: user.kind,
        user: user.name,
        provider: user.provider_name,
        outcome,
        token: token.into(),
        exposed: ExposedTokens::default(),
        change: report.change.map(Into::into),
        exchanges: report.exchanges,
        faults: active_faults(user.kind),
    })))
}

/// Returns the session, or why the page cannot be shown.
pub(crate) fn signed_in(view: SessionView, kind: Option<ClientKind>) -> Result<SignedIn, Problem> {
    if let Some(problem) = view.ended {
        return Err(problem);
    }
    let session = view.session.ok_or_else(not_signed_in)?;
    match kind {
        Some(kind) if kind != session.kind => Err(other_kind(session.kind)),
        _ => Ok(session),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_session_that_ended_is_reported_with_its_reason() {
        let view = SessionView {
            ended: Some(Problem::new(Code::GrantDead, "Revoked at the provider.")),
            ..SessionView::default()
        };
        let problem = signed_in(view, Some(ClientKind::BFF)).unwrap_err();
        assert_eq!(problem.message, "Revoked at the provider.");
    }

    #[test]
    fn a_session_of_another_kind_is_not_taken_for_ones_own() {
        let view = || SessionView {
            signed_in: true,
            session: Some(samples::signed_in()),
            ..SessionView::default()
        };
        assert!(signed_in(view(), Some(ClientKind::BFF)).is_ok());
        assert!(signed_in(view(), None).is_ok());
        let problem = signed_in(view(), Some(ClientKind::MEDIATED)).unwrap_err();
        assert_eq!(problem.code, Code::OtherKind);
    }
}
