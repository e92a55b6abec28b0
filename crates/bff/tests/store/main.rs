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
mod revocation;
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
        a_store_that_is_opened_again_still_has_its_contents
        many_processes_may_create_a_store_at_once
        other_keys_are_refused_before_anything_is_read
        after_a_grant_is_replaced_under_a_new_key_the_old_key_may_be_removed
        a_store_of_a_newer_version_is_refused_as_such;
    login:
        of_many_requests_for_one_sign_in_one_gets_it
        another_browser_neither_gets_nor_deletes_a_sign_in
        an_expired_sign_in_is_not_returned
        a_corrupted_sign_in_is_not_returned
        a_sign_in_that_was_copied_to_another_state_or_browser_is_not_returned
        a_renewal_is_found_with_the_session_that_it_is_for
        a_renewal_as_older_versions_stored_it_is_as_good_as_none
        a_browsers_sign_ins_are_deleted_and_no_others;
    session:
        a_session_is_found_as_it_was_stored
        a_session_and_its_grant_are_stored_together_or_not_at_all
        the_last_use_of_a_session_is_stored
        ending_a_session_deletes_its_grant
        a_renewed_session_takes_the_place_of_the_old_one
        a_session_that_has_ended_is_not_renewed
        a_session_that_another_program_wrote_is_none
        a_session_in_use_needs_only_the_newest_key
        of_renewals_and_a_sign_out_at_one_moment_one_is_carried_out
        sweeping_deletes_expired_rows_and_no_others
        a_user_name_that_a_database_cannot_store_does_not_prevent_a_sign_in;
    grant:
        a_grant_is_loaded_as_it_was_last_replaced
        of_many_writers_of_one_version_one_wins
        a_version_that_is_not_the_next_one_is_not_stored
        a_corrupted_grant_cannot_be_loaded_and_affects_no_other
        the_database_contains_no_token_in_plain_text;
    refresh:
        three_processes_with_fifty_callers_each_send_one_request
        a_token_response_survives_ten_seconds_without_a_database;
    revocation:
        a_session_that_ends_leaves_its_tokens_to_be_revoked
        the_process_that_ends_a_session_finds_its_entry_first
        expired_and_replaced_sessions_leave_their_tokens_to_be_revoked
        a_dead_grant_keeps_no_token
        tokens_that_arrive_after_a_sign_out_are_revoked_too
        of_many_processes_one_attempts_a_revocation
        a_claim_that_has_expired_changes_nothing
        an_entry_that_cannot_be_decrypted_holds_up_no_other
        a_refresh_and_a_sign_out_at_one_moment_lose_no_token;
    outage:
        an_outage_is_reported_and_needs_no_restart
        a_request_to_a_database_that_does_not_respond_fails;
}
