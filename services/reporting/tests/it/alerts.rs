//! Alerts: what is noticed once, kept, and told on.

use cchc_core::Role;
use cchc_proto::{
    assignment::v1::report_standing::State,
    reporting::v1::{
        Alert, ListAlertsRequest, WatchAlertsRequest, WatchAlertsResponse, alert::Kind,
        alert_service_client::AlertServiceClient,
    },
};
use cchc_testkit::{assert_refused, request, violations_of};
use sqlx::Row as _;
use tonic::{Code, Status, Streaming};

use crate::{
    press::Press,
    province::{PLAN, appraised, assessed},
    scoreboard::{card, report},
    world::World,
};

async fn watch(world: &World, token: &str) -> Result<Streaming<WatchAlertsResponse>, Status> {
    let asked = WatchAlertsRequest {
        plan_code: PLAN.to_owned(),
        kinds: Vec::new(),
        resume_token: token.to_owned(),
    };
    let mut client = AlertServiceClient::new(world.running.channel());
    Ok(client.watch_alerts(request(asked, &world.viewer())).await?.into_inner())
}

/// The next alert, with the token behind it.
async fn next(stream: &mut Streaming<WatchAlertsResponse>) -> (Alert, String) {
    loop {
        let sent = stream.message().await.unwrap().unwrap();
        if let Some(alert) = sent.alert {
            return (alert, sent.resume_token);
        }
    }
}

async fn list(world: &World, asked: ListAlertsRequest) -> Result<(Vec<Alert>, String), Status> {
    let mut client = AlertServiceClient::new(world.running.channel());
    let listed = client.list_alerts(request(asked, &world.viewer())).await?.into_inner();
    Ok((listed.alerts, listed.next_page_token))
}

fn all() -> ListAlertsRequest {
    ListAlertsRequest { plan_code: PLAN.to_owned(), ..ListAlertsRequest::default() }
}

/// Waits until the rollup was looked at as it is, so that what comes is news; the number of the last alert, since
/// the first look may have come while the world was still hearing.
async fn looked_at(press: &Press) -> i64 {
    let looked = async || {
        let marks =
            "select count(*) from reporting.alert_marks join reporting.rollups using (plan_code)
                     where alert_marks.revision = rollups.revision";
        let row = sqlx::raw_sql(marks).fetch_one(press.world.pool()).await.unwrap();
        row.get::<i64, _>(0) > 0
    };
    while !looked().await {
        tokio::task::yield_now().await;
    }
    let (alerts, _) = list(&press.world, all()).await.unwrap();
    alerts.first().map_or(0, |newest| newest.number)
}

fn told(alert: &Alert) -> (Kind, &str, &str) {
    (alert.kind(), &alert.subject, &alert.detail)
}

#[tokio::test]
async fn a_target_that_is_crossed_is_told_once_either_way() {
    let press = Press::new().await;
    let world = &press.world;
    let known = looked_at(&press).await;
    let mut stream = watch(world, "").await.unwrap();

    // 8.75 of the 9 that are wanted, then 9.1, then 8.
    world.hear("assignment", vec![appraised(2, 2, "9.1")]).await;
    let (reached, _) = next(&mut stream).await;
    world.hear("assignment", vec![appraised(3, 2, "8")]).await;
    let (lost, _) = next(&mut stream).await;

    assert_eq!(told(&reached), (Kind::TargetReached, "PAR-2018/1", ""));
    assert_eq!(told(&lost), (Kind::TargetLost, "PAR-2018/1", ""));
    assert_eq!((reached.number, lost.number), (known + 1, known + 2));
    assert_eq!(reached.message, "PAR-2018/1 Chỉ đạo: đã đạt chỉ tiêu");
    assert!(reached.revision < lost.revision && reached.notice_time.is_some());
    assert_eq!(list(world, all()).await.unwrap().0.get(..2), Some([lost, reached].as_slice()));
}

#[tokio::test]
async fn a_unit_that_falls_behind_is_told_with_its_period() {
    let press = Press::new().await;
    looked_at(&press).await;
    let mut stream = watch(&press.world, "").await.unwrap();

    let reports = vec![report("2018-Q1", State::InTime, 0), report("2018-6M", State::Missing, 0)];
    press.world.hear("assignment", vec![card("193", 1, reports)]).await;
    let (behind, _) = next(&mut stream).await;

    assert_eq!(told(&behind), (Kind::UnitBehind, "193", "2018-6M"));
    assert_eq!(behind.message, "Thành phố Hạ Long: quá hạn chưa gửi báo cáo kỳ 2018-6M");
}

#[tokio::test]
async fn a_restart_and_a_second_look_raise_nothing_again_and_a_cut_stream_goes_on() {
    let mut press = Press::new().await;
    let known = looked_at(&press).await;
    let mut stream = watch(&press.world, "").await.unwrap();
    press.world.hear("assignment", vec![appraised(2, 2, "9.1")]).await;
    let (first, token) = next(&mut stream).await;
    drop(stream);

    // Both look while one takes the place of the other.
    press.world.hear("assignment", vec![appraised(3, 2, "8")]).await;
    press.restart(|_| {}, "select 1").await;
    let mut stream = watch(&press.world, &token).await.unwrap();
    let (second, _) = next(&mut stream).await;
    let last = looked_at(&press).await;

    assert_eq!(told(&second), (Kind::TargetLost, "PAR-2018/1", ""));
    assert_eq!((first.number, second.number, last), (known + 1, known + 2, known + 2));
}

#[tokio::test]
async fn a_rollup_that_is_not_its_recomputation_is_told_once() {
    let press = Press::with(|config| {
        config.live.verify_seconds = 1;
        config.live.heartbeat_seconds = 1;
    })
    .await;
    looked_at(&press).await;
    let mut stream = watch(&press.world, "").await.unwrap();
    let tamper = r#"update reporting.scores set score = jsonb_set(score, '{layers,self,points}', '"9.9"')
                    where node_code = '1'"#;

    sqlx::raw_sql(tamper).execute(press.world.pool()).await.unwrap();
    // Whoever verified while the world was still hearing has found more.
    let differs = loop {
        let (differs, _) = next(&mut stream).await;
        if differs.detail == "1" {
            break differs;
        }
    };
    for _ in 0..3 {
        // Alive, and verified again meanwhile.
        let sent = stream.message().await.unwrap().unwrap();
        assert_eq!(sent.alert, None);
    }

    assert_eq!(told(&differs), (Kind::VerifyDiffers, "", "1"));
    let (listed, _) = list(&press.world, all()).await.unwrap();
    assert_eq!(listed.iter().filter(|of| of.detail == "1").collect::<Vec<_>>(), [&differs]);
}

#[tokio::test]
async fn alerts_are_listed_by_page_and_kind() {
    let press = Press::new().await;
    let known = looked_at(&press).await;
    let mut stream = watch(&press.world, "").await.unwrap();
    for (version, points) in [(2, "9.1"), (3, "8"), (4, "9.2")] {
        press.world.hear("assignment", vec![appraised(version, 2, points)]).await;
        next(&mut stream).await;
    }

    let mut page = ListAlertsRequest { page_size: 2, ..all() };
    let mut numbers = Vec::new();
    let mut foreign = all();
    loop {
        let (alerts, token) = list(&press.world, page.clone()).await.unwrap();
        numbers.extend(alerts.iter().map(|of| of.number));
        if token.is_empty() {
            break;
        }
        page.page_token.clone_from(&token);
        foreign = ListAlertsRequest { kinds: lost(), page_token: token, ..all() };
    }
    let (losses, _) =
        list(&press.world, ListAlertsRequest { kinds: lost(), ..all() }).await.unwrap();
    let unknown = ListAlertsRequest { kinds: vec![99], ..all() };
    let unknown = list(&press.world, unknown).await.unwrap_err();
    let foreign = list(&press.world, foreign).await.unwrap_err();

    assert_eq!(numbers, (1..=known + 3).rev().collect::<Vec<_>>());
    assert_eq!(losses.first().map(|of| of.number), Some(known + 2));
    assert!(losses.iter().all(|of| of.kind() == Kind::TargetLost));
    assert_eq!(violations_of(&unknown), [("kinds".to_owned(), "ENUM_UNKNOWN".to_owned())]);
    assert_refused(&foreign, Code::InvalidArgument, "PAGE_TOKEN_MISMATCH");
}

fn lost() -> Vec<i32> {
    vec![Kind::TargetLost.into()]
}

#[tokio::test]
async fn only_whose_province_it_is_hears_of_its_units() {
    let press = Press::new().await;
    press.world.hear("assignment", vec![assessed(3, "9")]).await;
    let district = press.world.bench.token("huyen", "193", &[Role::RollupViewer]);
    let mut client = AlertServiceClient::new(press.world.running.channel());

    let refused = client.list_alerts(request(all(), &district)).await.unwrap_err();
    let foreign = watch(&press.world, "QU4tMjAxOA").await.unwrap_err();

    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_refused(&foreign, Code::InvalidArgument, "RESUME_TOKEN_INVALID");
}
