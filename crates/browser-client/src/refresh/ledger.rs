//! How far a grant is, in a database that all tabs see at once.
//!
//! localStorage is not that: Chromium keeps a copy of it in each tab's process
//! and brings changes round in its own time. A tab that was just given the lock
//! may still read the record from before the last refresh, and would present a
//! spent refresh token, or take a flight that has landed for abandoned. So the
//! tokens lie in the storage, and what has become of them stands here, in
//! IndexedDB, whose transactions are ordered. No secret is in it.

use crate::token::Grant;

/// How things stand with a grant's refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may be presented.
    Good,
    /// It was presented, and no answer has been written down.
    Flying,
    /// It may be spent.
    Doubtful,
}

/// One grant's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Which grant.
    pub(crate) grant: String,
    /// The number of its newest access token.
    pub(crate) serial: u64,
    /// How it stands.
    pub(crate) standing: Standing,
}

/// What is written where nobody is signed in any more.
pub(crate) const OVER: &str = "over";

impl Entry {
    /// The line of a grant.
    pub(crate) fn of(grant: &Grant, standing: Standing) -> Self {
        Self {
            grant: grant.id.clone(),
            serial: grant.serial,
            standing,
        }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (grant, serial, standing) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            grant: grant.to_owned(),
            serial: serial.parse().ok()?,
            standing: match standing {
                "good" => Standing::Good,
                "flying" => Standing::Flying,
                "doubtful" => Standing::Doubtful,
                _ => return None,
            },
        })
    }

    pub(crate) fn write(&self) -> String {
        let standing = match self.standing {
            Standing::Good => "good",
            Standing::Flying => "flying",
            Standing::Doubtful => "doubtful",
        };
        format!("{} {} {standing}", self.grant, self.serial)
    }
}

/// What a record is worth, seen by whoever holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the newest, and this is how it stands.
    Newest(Standing),
    /// A newer one is on its way.
    Stale,
}

/// Holds a record against what is written. Nobody flies, since we hold the
/// lock: a flight that is written down as such was abandoned.
pub(crate) fn verdict(record: Option<&Grant>, written: Option<&str>) -> Verdict {
    let Some(text) = written else {
        // Never written, or cleared with the site's data: the record speaks
        // for itself.
        let standing = match record {
            Some(grant) if grant.doubtful || grant.intent.is_some() => Standing::Doubtful,
            _ => Standing::Good,
        };
        return Verdict::Newest(standing);
    };
    match (record, Entry::read(text)) {
        (None, None) => Verdict::Newest(Standing::Good),
        (None, Some(_)) | (Some(_), None) => Verdict::Stale,
        (Some(grant), Some(entry)) => compare(grant, &entry),
    }
}

fn compare(grant: &Grant, entry: &Entry) -> Verdict {
    if grant.id != entry.grant || grant.serial < entry.serial {
        return Verdict::Stale;
    }
    // Tokens are stored before their landing is written down: a newer record
    // comes from a tab that was closed in between.
    if grant.serial > entry.serial {
        return Verdict::Newest(Standing::Good);
    }
    match entry.standing {
        Standing::Good => Verdict::Newest(Standing::Good),
        Standing::Flying | Standing::Doubtful => Verdict::Newest(Standing::Doubtful),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::grant::tests::grant;

    fn against(grant: &Grant, serial: u64, standing: Standing) -> Verdict {
        let entry = Entry {
            serial,
            ..Entry::of(grant, standing)
        };
        verdict(Some(grant), Some(&entry.write()))
    }

    #[test]
    fn a_record_from_before_the_last_refresh_is_not_believed() {
        let mut grant = grant();
        grant.serial = 4;
        assert_eq!(against(&grant, 5, Standing::Good), Verdict::Stale);
        assert_eq!(
            against(&grant, 4, Standing::Good),
            Verdict::Newest(Standing::Good)
        );
        assert_eq!(
            against(&grant, 3, Standing::Flying),
            Verdict::Newest(Standing::Good)
        );
    }

    #[test]
    fn an_announcement_that_the_record_does_not_show_yet_counts() {
        let doubtful = Verdict::Newest(Standing::Doubtful);
        assert_eq!(against(&grant(), 1, Standing::Flying), doubtful);
        assert_eq!(against(&grant(), 1, Standing::Doubtful), doubtful);
    }

    #[test]
    fn an_announcement_that_the_record_shows_still_does_not() {
        let flying = grant().announce("a".into());
        assert_eq!(
            against(&flying, 1, Standing::Good),
            Verdict::Newest(Standing::Good)
        );
    }

    #[test]
    fn without_a_line_the_record_speaks_for_itself() {
        let flying = grant().announce("a".into());
        let doubtful = Verdict::Newest(Standing::Doubtful);
        assert_eq!(verdict(Some(&flying), None), doubtful);
        assert_eq!(
            verdict(Some(&grant()), None),
            Verdict::Newest(Standing::Good)
        );
        assert_eq!(verdict(None, None), Verdict::Newest(Standing::Good));
    }

    #[test]
    fn another_sign_in_or_a_sign_out_may_be_on_its_way() {
        let mut other = grant();
        other.id = "other".into();
        let line = Entry::of(&other, Standing::Good).write();
        assert_eq!(verdict(Some(&grant()), Some(&line)), Verdict::Stale);
        assert_eq!(verdict(None, Some(&line)), Verdict::Stale);
        assert_eq!(verdict(Some(&grant()), Some(OVER)), Verdict::Stale);
        assert_eq!(verdict(None, Some(OVER)), Verdict::Newest(Standing::Good));
    }
}
