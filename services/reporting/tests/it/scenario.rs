//! What-if: what to lift, over the contract, from the province's rollup.

use cchc_proto::{
    common::v1::{Date, Decimal},
    reporting::v1::{
        Assumption, Effort, NodeEffort, Scenario, Solution, SolveScenarioRequest, kept::Reason,
        scenario::Goal,
    },
};
use cchc_testkit::{assert_refused, request, violations_of};
use tonic::{Code, Status};

use crate::{province::PLAN, published, world::World};

const WHOLE: &str = "PAR-2018/0";

async fn solve(world: &World, node: &str, scenario: Scenario) -> Result<Solution, Status> {
    let asked = SolveScenarioRequest {
        plan_code: PLAN.to_owned(),
        node_id: node.to_owned(),
        scenario: Some(scenario),
    };
    let reply = world.client().solve_scenario(request(asked, &world.viewer())).await?;
    Ok(reply.into_inner().solution.unwrap())
}

fn decimal(value: &str) -> Decimal {
    Decimal { value: value.to_owned() }
}

fn reach(points: &str) -> Scenario {
    Scenario { goal: Some(Goal::ReachPoints(decimal(points))), ..Scenario::default() }
}

fn value(decimal: Option<&Decimal>) -> &str {
    decimal.map_or("", |decimal| decimal.value.as_str())
}

fn lifts(solution: &Solution) -> Vec<(&str, &str, &str)> {
    let lifts = solution.lifts.iter();
    lifts
        .map(|lift| {
            let to = value(lift.to_points.as_ref());
            (lift.node_id.as_str(), to, value(lift.worth.as_ref()))
        })
        .collect()
}

fn kept(solution: &Solution) -> Vec<(&str, Reason)> {
    solution.kept.iter().map(|kept| (kept.node_id.as_str(), kept.reason())).collect()
}

#[tokio::test]
async fn the_plans_target_is_reached_by_the_fewest_nodes_and_never_by_a_survey() {
    let world = World::full().await;

    let solution = solve(&world, WHOLE, Scenario::default()).await.unwrap();

    // 8.75 + 9.824561404 + 3.75, and the plan wants 23.
    assert_eq!(value(solution.from_points.as_ref()), "22.324561404");
    assert_eq!(value(solution.wanted_points.as_ref()), "23");
    assert_eq!(lifts(&solution), [("PAR-2018/1", "10", "")]);
    assert_eq!(value(solution.to_points.as_ref()), "23.574561404");
    assert_eq!(value(solution.effort.as_ref()), "1");
    assert_eq!(value(solution.most_points.as_ref()), "23.75");
    assert_eq!(
        kept(&solution),
        [("PAR-2018/2", Reason::NotChosen), ("PAR-2018/3", Reason::Survey)]
    );
    assert_eq!(solution.lifts[0].lead_unit_name, "Sở Nội vụ");
    assert_eq!(solution.revision, world.rollup().await.revision);
}

#[tokio::test]
async fn efforts_locks_days_and_assumptions_change_what_is_proposed() {
    let world = World::full().await;
    let dear = NodeEffort {
        node_id: "PAR-2018/1".to_owned(),
        effort: Some(Effort { fixed: None, per_point: Some(decimal("10")) }),
        ready_date: None,
    };
    let late = NodeEffort {
        node_id: "PAR-2018/2".to_owned(),
        effort: None,
        ready_date: Some(Date { year: 2018, month: 12, day: 2 }),
    };
    let supposed = Assumption { node_id: "PAR-2018/3".to_owned(), points: Some(decimal("4.5")) };
    let scenario = Scenario {
        efforts: vec![dear, late],
        assumptions: vec![supposed],
        last_date: Some(Date { year: 2018, month: 12, day: 1 }),
        ..reach("23.2")
    };
    let locked = Scenario { locked_node_ids: vec!["PAR-2018/1".to_owned()], ..reach("22.4") };

    let timely = solve(&world, WHOLE, scenario).await.unwrap();
    let locked = solve(&world, WHOLE, locked).await.unwrap();

    assert_eq!(value(timely.from_points.as_ref()), "23.074561404");
    assert_eq!(lifts(&timely), [("PAR-2018/1", "8.875438596", "")]);
    assert_eq!(value(timely.effort.as_ref()), "1.25438596");
    assert_eq!(value(timely.to_points.as_ref()), "23.2");
    assert_eq!(kept(&timely), [("PAR-2018/2", Reason::TooLate), ("PAR-2018/3", Reason::Assumed)]);
    assert_eq!(lifts(&locked), [("PAR-2018/2", "10", "")]);
    assert_eq!(kept(&locked), [("PAR-2018/1", Reason::Locked), ("PAR-2018/3", Reason::Survey)]);
}

#[tokio::test]
async fn an_effort_buys_the_most_points() {
    let world = World::full().await;
    let goal = Some(Goal::WithinEffort(decimal("1")));

    let solution = solve(&world, WHOLE, Scenario { goal, ..Scenario::default() }).await.unwrap();

    assert_eq!(lifts(&solution), [("PAR-2018/1", "10", "1.074561404")]);
    assert_eq!(solution.wanted_points, None);
}

#[tokio::test]
async fn what_is_out_of_reach_says_how_far_it_goes() {
    let world = World::full().await;

    let solution = solve(&world, WHOLE, reach("24")).await.unwrap();

    assert!(!solution.is_reachable);
    assert_eq!((solution.lifts.len(), solution.to_points.as_ref()), (0, None));
    assert_eq!(value(solution.most_points.as_ref()), "23.75");
}

#[tokio::test]
async fn everything_wrong_with_a_scenario_is_told_at_once() {
    let world = World::full().await;
    let effort = |node: &str| NodeEffort { node_id: node.to_owned(), ..NodeEffort::default() };
    let scenario = Scenario {
        efforts: vec![effort(WHOLE), effort("PAR-2018/2"), effort("PAR-2018/2")],
        locked_node_ids: vec!["PAR-2018/9".to_owned()],
        assumptions: vec![Assumption {
            node_id: "PAR-2018/3".to_owned(),
            points: Some(decimal("5.5")),
        }],
        ..Scenario::default()
    };

    let refused = solve(&world, WHOLE, scenario).await.unwrap_err();

    let told = violations_of(&refused);
    assert_eq!(
        told,
        [
            ("scenario.efforts[0].node_id", "NODE_IS_SUM"),
            ("scenario.efforts[2].node_id", "NODE_TWICE"),
            ("scenario.assumptions[0].points", "ABOVE_MAXIMUM"),
            ("scenario.locked_node_ids[0]", "NODE_NOT_BELOW"),
        ]
        .map(|(path, reason)| (path.to_owned(), reason.to_owned()))
    );
}

#[tokio::test]
async fn without_a_target_or_after_publication_there_is_nothing_to_solve() {
    let world = World::full().await;
    let no_plan = SolveScenarioRequest {
        plan_code: "QN-2030".to_owned(),
        node_id: WHOLE.to_owned(),
        scenario: None,
    };

    let unknown = solve(&world, "PAR-2018/9", Scenario::default()).await.unwrap_err();
    let no_plan = world.client().solve_scenario(request(no_plan, &world.viewer())).await;
    world.hear("registry", vec![published::first()]).await;
    let published = solve(&world, WHOLE, reach("24")).await.unwrap_err();

    assert_refused(&unknown, Code::NotFound, "NODE_NOT_FOUND");
    assert_refused(&no_plan.unwrap_err(), Code::NotFound, "PLAN_NOT_FOUND");
    assert_refused(&published, Code::FailedPrecondition, "ALREADY_PUBLISHED");
}
