//! The stores: tests that run on SQLite and on Postgres, and tests of one database.
//!
//! The tests on Postgres create databases on the server that `CONFIDANT_TEST_POSTGRES`
//! names, or on one that they start. Without Postgres they are left out, with a message.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod database_link;
mod fixture;
mod full_disk;
mod grant;
mod login;
mod opening;
mod outage;
mod postgres_only;
mod refresh;
mod sample;
mod session;
mod sqlite_only;

use fixture::Fixture;
use futures::FutureExt;
use std::panic::{AssertUnwindSafe, resume_unwind};

/// Runs a test and deletes its database, even if the test panics.
async fn run_and_clean_up(fixture: Fixture, test: impl AsyncFnOnce(&Fixture)) {
    let outcome = AssertUnwindSafe(test(&fixture)).catch_unwind().await;
    fixture.delete().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Defines each test twice, as `sqlite::module::test` and `postgres::module::test`. The
/// second is left out without Postgres.
macro_rules! on_every_database {
    ($($module:ident: $($test:ident)*;)*) => {
        mod sqlite {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    crate::run_and_clean_up(crate::Fixture::sqlite(), crate::$module::$test).await;
                })*
            })*
        }

        mod postgres {
            $(mod $module {
                $(#[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let name = concat!(stringify!($module), "::", stringify!($test));
                    if let Some(fixture) = crate::Fixture::postgres(name).await {
                        crate::run_and_clean_up(fixture, crate::$module::$test).await;
                    }
                })*
            })*
        }
    };
}

on_every_database! {
    opening:
        what_was_stored_is_there_when_it_is_opened_again
        many_processes_may_begin_with_it_at_once
        other_keys_are_refused_before_anything_is_read
        a_new_key_on_top_opens_it_and_then_the_old_one_may_go
        a_store_of_a_newer_version_is_told_as_such;
    login:
        a_sign_in_is_taken_once_however_many_ask
        another_browser_gets_no_sign_in_and_spoils_none
        a_sign_in_that_ran_out_is_not_given
        a_damaged_sign_in_is_as_good_as_none
        a_renewal_is_found_with_the_session_that_it_is_for
        a_renewal_as_older_versions_stored_it_is_as_good_as_none
        a_browsers_sign_ins_are_deleted_and_no_others;
    session:
        a_session_is_found_as_it_was_stored
        a_session_and_its_grant_begin_together_or_not_at_all
        a_use_is_noted
        a_session_that_ends_takes_its_grant_along
        a_renewed_session_takes_the_place_of_the_old_one
        a_session_that_has_ended_is_not_renewed
        of_renewals_and_a_sign_out_at_one_moment_one_is_carried_out
        sweeping_deletes_what_ran_out_and_nothing_else
        a_name_that_no_database_can_hold_keeps_nobody_out;
    grant:
        a_grant_is_found_as_it_was_replaced
        of_many_writers_of_one_version_one_wins
        a_version_that_is_not_the_next_one_is_not_stored
        garbage_ends_one_grant_and_leaves_the_others_alone
        the_database_shows_no_token;
    refresh:
        three_processes_with_fifty_callers_each_send_one_request
        an_answer_outlives_ten_seconds_without_a_database;
    outage:
        an_outage_is_told_and_got_over_without_a_restart
        a_database_that_falls_silent_keeps_nobody_for_ever;
}
