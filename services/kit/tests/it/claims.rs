//! A request id is one intent, for ever.

use cchc_core::{Actor, RequestId, Role};
use cchc_kit::idempotency::{
    self,
    Claim::{First, Repeat, Reused},
};
use cchc_testkit::Bench;
use uuid::Uuid;

use crate::probe::database;

fn actor(subject: &str) -> Actor {
    Actor {
        subject: subject.to_owned(),
        unit: "22".parse().unwrap(),
        roles: [Role::AgencyReporter].into(),
    }
}

#[tokio::test]
async fn the_same_id_is_first_once_and_then_a_repeat_or_refused() {
    let bench = Bench::new("kit").await;
    let db = database(&bench).await;
    let (a, b) = (RequestId::from(Uuid::new_v4()), RequestId::from(Uuid::new_v4()));
    let (one, two) = ([1; 32], [2; 32]);
    let me = actor("toi");
    let mut tx = db.begin().await.unwrap();

    let batch = [(a, one), (b, one), (a, one), (b, two)];
    let first = idempotency::claim_all(&mut tx, &me, "m", &batch).await.unwrap();
    let again = idempotency::claim_all(&mut tx, &me, "m", &batch).await.unwrap();
    let other = idempotency::claim(&mut tx, &actor("ai-do"), "m", a, two).await.unwrap();
    let elsewhere = idempotency::claim(&mut tx, &me, "another", a, one).await.unwrap();

    assert_eq!(first, [First, First, Repeat, Reused]);
    assert_eq!(again, [Repeat, Repeat, Repeat, Reused]);
    assert_eq!(other, First, "somebody else's ids are their own");
    assert_eq!(elsewhere, Reused, "one id is not two kinds of request");
}

#[tokio::test]
async fn a_claim_that_was_not_committed_was_not_made() {
    let bench = Bench::new("kit").await;
    let db = database(&bench).await;
    let id = RequestId::from(Uuid::new_v4());
    let me = actor("toi");
    let mut lost = db.begin().await.unwrap();
    idempotency::claim(&mut lost, &me, "m", id, [1; 32]).await.unwrap();
    drop(lost);

    let mut tx = db.begin().await.unwrap();
    let claim = idempotency::claim(&mut tx, &me, "m", id, [1; 32]).await.unwrap();

    assert_eq!(claim, First);
}
