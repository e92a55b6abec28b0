//! Every profile against a provider that answers in that provider's words, over
//! HTTP: the cases of `confidant_protocol::cases::profiles`.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

mod cases;
mod client;
mod discovery;
mod provider;
mod tables;

use cases::CASES;
use client::World;
use confidant_protocol::cases::profiles::{ALL, CONFIDENTIAL, ProfileCases};
use futures::future::join_all;

#[tokio::test]
async fn every_case_of_every_profile_holds() {
    let titles: Vec<_> = CASES.iter().map(|(title, _)| *title).collect();
    assert_eq!(titles, CONFIDENTIAL);
    join_all(ALL.iter().map(all_cases)).await;
}

async fn all_cases(cases: &ProfileCases) {
    let world = World::start(cases).await;
    for (title, case) in CASES {
        world.start_case(title);
        case(&world).await;
    }
}
