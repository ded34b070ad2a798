//! The scoreboard of the units: what assignment tells of their reports beside their tasks, live and recomputed.

use cchc_core::Role;
use cchc_proto::{
    assignment::{
        events::v1::ScorecardChanged,
        v1::{ReportStanding, report_standing::State},
    },
    common::v1::Date,
    reporting::v1::{
        GetScoreboardRequest, Scoreboard, UnitRow,
        scoreboard_service_client::ScoreboardServiceClient,
    },
    source::v1::Event,
};
use cchc_testkit::{assert_refused, event_of, request};
use tonic::{Code, Status};

use crate::{
    province::{PLAN, assignment, registry, survey},
    verify::{verify, world_with},
    world::World,
};

pub fn report(period: &str, state: State, late: i32) -> ReportStanding {
    let is_filed = matches!(state, State::InTime | State::Late);
    ReportStanding {
        period: period.to_owned(),
        state: state.into(),
        last_date: Some(Date { year: 2018, month: 6, day: 15 }),
        late_working_day_count: late,
        document_date: is_filed.then_some(Date { year: 2018, month: 6, day: 20 }),
        document_number: if is_filed { "15/BC-UBND".to_owned() } else { String::new() },
    }
}

pub fn card(unit: &str, version: i64, reports: Vec<ReportStanding>) -> Event {
    let (plan_code, unit_code) = (PLAN.to_owned(), unit.to_owned());
    event_of(&ScorecardChanged { plan_code, unit_code, version, reports, tasks: Vec::new() })
}

pub async fn scoreboard(world: &World, unit: &str, token: &str) -> Result<Scoreboard, Status> {
    let (plan_code, unit_code) = (PLAN.to_owned(), unit.to_owned());
    let ask = request(GetScoreboardRequest { plan_code, unit_code }, token);
    let mut client = ScoreboardServiceClient::new(world.running.channel());
    Ok(client.get_scoreboard(ask).await?.into_inner().scoreboard.unwrap())
}

fn counts(row: &UnitRow) -> (&str, [i32; 4]) {
    let of = row.punctuality.as_ref().unwrap();
    (&row.unit_code, [of.in_time_count, of.late_count, of.missing_count, of.open_count])
}

#[tokio::test]
async fn units_stand_by_what_is_against_them_and_the_newest_told_counts() {
    let world = World::full().await;
    let before = world.rollup().await.revision;
    let told = vec![
        card("193", 1, vec![report("2018-6M", State::Open, 0)]),
        card("193", 3, vec![report("2018-6M", State::Late, 3), report("2018", State::Open, 0)]),
        // What comes late is known better already.
        card("193", 2, vec![report("2018-6M", State::Missing, 0)]),
        card(
            "194",
            1,
            vec![report("2018-Q1", State::InTime, 0), report("2018-6M", State::Missing, 0)],
        ),
    ];

    world.hear("assignment", told).await;
    let board = scoreboard(&world, "22", &world.viewer()).await.unwrap();

    assert_eq!(
        board.rows.iter().map(counts).collect::<Vec<_>>(),
        [("194", [1, 0, 1, 0]), ("193", [0, 1, 0, 1])]
    );
    let of = board.rows[0].punctuality.as_ref().unwrap();
    let percent =
        |share: &Option<cchc_proto::common::v1::Decimal>| share.as_ref().unwrap().value.clone();
    assert_eq!(
        (percent(&of.completeness_percent), percent(&of.timeliness_percent)),
        ("50".to_owned(), "50".to_owned())
    );
    assert_eq!(board.rows[1].punctuality.as_ref().unwrap().late_working_day_count, 3);
    assert_eq!(board.rows[1].submitted_count, 1, "their tasks stand beside");
    assert!(world.rollup().await.revision > before, "whoever watches hears of it");
}

#[tokio::test]
async fn a_unit_sees_itself_and_those_below_it() {
    let world = World::full().await;
    let told = ["193", "194"].map(|unit| card(unit, 1, vec![report("2018-6M", State::Open, 0)]));
    world.hear("assignment", told.to_vec()).await;
    let district = world.bench.token("van-phong", "193", &[Role::AgencyReporter]);

    let own = scoreboard(&world, "193", &district).await.unwrap();
    let other = scoreboard(&world, "194", &district).await.unwrap_err();
    let all = scoreboard(&world, "22", &district).await.unwrap_err();

    assert_eq!(own.rows.iter().map(|row| row.unit_code.as_str()).collect::<Vec<_>>(), ["193"]);
    assert_refused(&other, Code::PermissionDenied, "UNIT_NOT_YOURS");
    assert_refused(&all, Code::PermissionDenied, "UNIT_NOT_YOURS");
}

#[tokio::test]
async fn a_recomputation_has_the_same_scorecards() {
    let newest = card("193", 2, vec![report("2018-6M", State::Late, 3)]);
    let told = |last: Vec<Event>| assignment().into_iter().chain(last).collect::<Vec<_>>();
    let stored = [
        ("registry", registry()),
        ("assignment", told(vec![newest.clone()])),
        ("survey", survey()),
    ];
    let world = world_with(stored).await;
    world.hear("registry", registry()).await;
    let heard = vec![card("193", 1, vec![report("2018-6M", State::Open, 0)]), newest];
    world.hear("assignment", told(heard)).await;
    world.hear("survey", survey()).await;

    let equal = verify(&world).await.unwrap();
    let tamper = r"update reporting.scorecards set document = jsonb_set(document, '{reports,0,late_days}', '0')";
    sqlx::raw_sql(tamper).execute(world.pool()).await.unwrap();
    let tampered = verify(&world).await.unwrap();

    assert_eq!(equal.differences, []);
    let [one] = tampered.differences.as_slice() else { panic!("one: {tampered:?}") };
    assert_eq!(one.what, "scorecard QN-2018 193");
    assert!(one.recomputed.contains("2018-6M late 3 last [2018-06-15]"), "{}", one.recomputed);
}
