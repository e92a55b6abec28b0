//! The state of a grant's refresh token, without secrets, as text.

use crate::token::grant::Grant;

/// The state of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefreshTokenState {
    /// It may be presented.
    Valid,
    /// It was presented, and no result has been recorded.
    Presented,
    /// It may be spent.
    MayBeSpent,
}

/// The state of one grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The grant's identifier.
    pub(crate) grant: String,
    /// The number of its newest access token.
    pub(crate) serial: u64,
    /// The state of its refresh token.
    pub(crate) refresh_token: RefreshTokenState,
}

/// The entry of a client whose user signed out.
pub(crate) const SIGNED_OUT: &str = "signed_out";

impl Entry {
    /// Returns the entry of a grant.
    pub(crate) fn of(grant: &Grant, refresh_token: RefreshTokenState) -> Self {
        Self {
            grant: grant.id.clone(),
            serial: grant.serial,
            refresh_token,
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (grant, serial, state) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            grant: grant.to_owned(),
            serial: serial.parse().ok()?,
            refresh_token: match state {
                "valid" => RefreshTokenState::Valid,
                "presented" => RefreshTokenState::Presented,
                "may_be_spent" => RefreshTokenState::MayBeSpent,
                _ => return None,
            },
        })
    }

    pub(crate) fn write(&self) -> String {
        let state = match self.refresh_token {
            RefreshTokenState::Valid => "valid",
            RefreshTokenState::Presented => "presented",
            RefreshTokenState::MayBeSpent => "may_be_spent",
        };
        format!("{} {} {state}", self.grant, self.serial)
    }
}

/// Whether the holder of the lock can rely on a stored record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordState {
    /// It is the newest, and its refresh token is in this state.
    Newest(RefreshTokenState),
    /// A newer record has not arrived yet.
    Stale,
}

/// Compares a record with the entry. The caller holds the lock, so no refresh is
/// under way: one that the entry still announces was abandoned.
pub(crate) fn compare(record: Option<&Grant>, entry: Option<&str>) -> RecordState {
    let Some(text) = entry else {
        // Never written, or cleared with the site's data: the record has to
        // do.
        let state = match record {
            Some(grant) if grant.may_be_spent || grant.pending_refresh.is_some() => {
                RefreshTokenState::MayBeSpent
            }
            _ => RefreshTokenState::Valid,
        };
        return RecordState::Newest(state);
    };
    match (record, Entry::read(text)) {
        (None, None) => RecordState::Newest(RefreshTokenState::Valid),
        (None, Some(_)) | (Some(_), None) => RecordState::Stale,
        (Some(grant), Some(entry)) => compare_grant(grant, &entry),
    }
}

fn compare_grant(grant: &Grant, entry: &Entry) -> RecordState {
    if grant.id != entry.grant || grant.serial < entry.serial {
        return RecordState::Stale;
    }
    // Tokens are stored before their entry is written: a newer record comes from
    // a tab that was closed in between.
    if grant.serial > entry.serial {
        return RecordState::Newest(RefreshTokenState::Valid);
    }
    match entry.refresh_token {
        RefreshTokenState::Valid => RecordState::Newest(RefreshTokenState::Valid),
        RefreshTokenState::Presented | RefreshTokenState::MayBeSpent => {
            RecordState::Newest(RefreshTokenState::MayBeSpent)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    fn against(grant: &Grant, serial: u64, state: RefreshTokenState) -> RecordState {
        let entry = Entry {
            serial,
            ..Entry::of(grant, state)
        };
        compare(Some(grant), Some(&entry.write()))
    }

    #[test]
    fn a_record_from_before_the_last_refresh_is_stale() {
        let mut grant = grant();
        grant.serial = 4;
        assert_eq!(
            against(&grant, 5, RefreshTokenState::Valid),
            RecordState::Stale
        );
        assert_eq!(
            against(&grant, 4, RefreshTokenState::Valid),
            RecordState::Newest(RefreshTokenState::Valid)
        );
        assert_eq!(
            against(&grant, 3, RefreshTokenState::Presented),
            RecordState::Newest(RefreshTokenState::Valid)
        );
    }

    #[test]
    fn an_announcement_that_the_record_does_not_show_yet_counts() {
        let may_be_spent = RecordState::Newest(RefreshTokenState::MayBeSpent);
        assert_eq!(
            against(&grant(), 1, RefreshTokenState::Presented),
            may_be_spent
        );
        assert_eq!(
            against(&grant(), 1, RefreshTokenState::MayBeSpent),
            may_be_spent
        );
    }

    #[test]
    fn an_announcement_that_the_record_shows_still_does_not() {
        let announced = grant().with_pending_refresh("a".into());
        assert_eq!(
            against(&announced, 1, RefreshTokenState::Valid),
            RecordState::Newest(RefreshTokenState::Valid)
        );
    }

    #[test]
    fn without_an_entry_the_record_has_to_do() {
        let announced = grant().with_pending_refresh("a".into());
        let may_be_spent = RecordState::Newest(RefreshTokenState::MayBeSpent);
        assert_eq!(compare(Some(&announced), None), may_be_spent);
        assert_eq!(
            compare(Some(&grant()), None),
            RecordState::Newest(RefreshTokenState::Valid)
        );
        assert_eq!(
            compare(None, None),
            RecordState::Newest(RefreshTokenState::Valid)
        );
    }

    #[test]
    fn another_sign_in_or_a_sign_out_may_not_have_arrived_yet() {
        let mut other = grant();
        other.id = "other".into();
        let entry = Entry::of(&other, RefreshTokenState::Valid).write();
        assert_eq!(compare(Some(&grant()), Some(&entry)), RecordState::Stale);
        assert_eq!(compare(None, Some(&entry)), RecordState::Stale);
        assert_eq!(
            compare(Some(&grant()), Some(SIGNED_OUT)),
            RecordState::Stale
        );
        assert_eq!(
            compare(None, Some(SIGNED_OUT)),
            RecordState::Newest(RefreshTokenState::Valid)
        );
    }
}
