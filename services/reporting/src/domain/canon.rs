//! One way to write down what was heard and what follows from it, line by line, so that two states can
//! be compared and named by a checksum. Times, revisions and names are left out: they are not scored.

use std::{collections::BTreeMap, fmt::Display};

use cchc_core::{Decimal, NodeId, Points};
use cchc_scoring::{
    catalogue::RankTarget,
    rank::Standing,
    tree::{Layer, Score},
    variable::Sum,
    verdict::Judgement,
};

use super::{
    answers::Answers,
    by_domain::PartKey,
    document,
    fact::{Assessment, Measurement, Survey},
    facts::{Facts, Sums},
    flagged::{Bearing, Flagged},
    numbers::AskedNumber,
    promise::OtherTarget,
    quarantined::Quarantined,
    rollup::{BaselineBasis, IndexRollup, NodeRollup},
    scorecard::Scorecard,
    shortfall::Outlook,
};

/// What is written down of a thing, by what the thing is.
pub(crate) type Lines = BTreeMap<String, String>;

/// One place where two states differ; empty where a state has nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) what: String,
    pub(crate) live: String,
    pub(crate) recomputed: String,
}

/// Lists where two states differ.
pub(crate) fn differences(live: &Lines, recomputed: &Lines) -> Vec<Difference> {
    let text = |lines: &Lines, what: &str| lines.get(what).cloned().unwrap_or_default();
    let mut all: Vec<&String> = live.keys().chain(recomputed.keys()).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter()
        .map(|what| Difference {
            what: what.clone(),
            live: text(live, what),
            recomputed: text(recomputed, what),
        })
        .filter(|difference| difference.live != difference.recomputed)
        .collect()
}

/// The text that a checksum is taken of.
pub(crate) fn text(lines: &Lines) -> String {
    lines.iter().fold(String::new(), |text, (what, value)| text + what + " = " + value + "\n")
}

/// Everything scored: what a rollup's checksum names.
pub(crate) fn scored(indices: &[IndexRollup]) -> Lines {
    let nodes = indices.iter().flat_map(|index| &index.nodes);
    nodes.flat_map(node_lines).filter(|(_, value)| !value.is_empty()).collect()
}

fn node_lines(node: &NodeRollup) -> Vec<(String, String)> {
    let id = &node.id;
    let mut lines: Vec<(String, String)> = Layer::ALL
        .into_iter()
        .map(|layer| (format!("score {id} {layer}"), or_empty(node.layers.get(layer), score)))
        .collect();
    let verdicts = [
        ("points", node.verdicts.points),
        ("ratio", node.verdicts.ratio),
        ("rank", node.verdicts.rank),
    ];
    lines.extend(
        verdicts.map(|(of, verdict)| (format!("verdict {id} {of}"), or_empty(verdict, judgement))),
    );
    let estimate =
        or_empty(node.estimate, |estimate| format!("{} {}", score(estimate.score), estimate.basis));
    let baseline = or_empty(node.baseline, |(points, basis)| format!("{points} {}", word(basis)));
    let is_any = node.quarantined != Quarantined::default();
    let rows = or_empty(Some(node.quarantined).filter(|_| is_any), quarantined);
    let coverage = or_empty(node.coverage, |(reported, expected)| format!("{reported}/{expected}"));
    lines.extend([
        (format!("estimate {id}"), estimate),
        (format!("ratio {id}"), or_empty(node.ratio_percent, decimal)),
        (format!("renormalised {id}"), or_empty(node.renormalised, points)),
        (format!("max {id}"), or_empty(node.max, points)),
        (format!("baseline {id}"), baseline),
        (format!("target {id}"), or_empty(node.target, points)),
        (format!("target {id} computed"), or_empty(node.computed_target, decimal)),
        (format!("target {id} rank"), or_empty(node.rank_target, rank)),
        (format!("target {id} increased"), or_empty(node.increased_target, decimal)),
        (format!("standing {id}"), or_empty(node.standing, standing)),
        (format!("coverage {id}"), coverage),
        (format!("quarantined {id}"), rows),
        (format!("flagged {id}"), flagged(&node.flagged)),
        (format!("note {id}"), node.note.clone()),
    ]);
    lines.extend(node.others.iter().map(|other| other_target(id, other)));
    lines.extend(node.shortfalls.iter().map(|(short, _)| {
        let what = format!("short {id} {}/{}", short.survey, short.stratum);
        (what, outlook(&short.outlook))
    }));
    lines
}

/// What is not delivered of the work that serves nodes. It is beside the scores and not of them: a rollup's checksum
/// does not move because a day passes.
pub(crate) fn undelivered(indices: &[IndexRollup]) -> Lines {
    let nodes = indices.iter().flat_map(|index| &index.nodes);
    let open = nodes.filter(|node| !node.undelivered.is_nothing());
    let line = |node: &NodeRollup| {
        let of = &node.undelivered;
        let value = format!(
            "{} at risk [{}], {} outstanding [{}], {} unstated",
            of.at_risk_tasks,
            or_empty(of.at_risk, points),
            of.outstanding_tasks,
            or_empty(of.outstanding, points),
            of.unstated_tasks
        );
        (format!("undelivered {}", node.id), value)
    };
    open.map(line).collect()
}

/// A target for another year or a unit, by what sets it apart.
fn other_target(id: &NodeId, other: &OtherTarget) -> (String, String) {
    let target = &other.target;
    let unit = or_empty(target.unit.as_ref(), |unit| format!(" {unit}"));
    let year = or_empty(target.year, |year| format!(" {year}"));
    let wanted = or_empty(target.points, points);
    let (own, verdict) = (or_empty(other.points, points), or_empty(other.judgement, judgement));
    (format!("target {id}{unit}{year}"), format!("{wanted} own [{own}] {verdict}"))
}

/// Every fact, with its version.
pub(crate) fn facts(facts: &Facts) -> Lines {
    let mut lines = Lines::new();
    for (key, fact) in &facts.measurements {
        let what = format!("measurement {} {} {}", key.unit, key.variable, key.period);
        lines.insert(what, measurement(fact));
    }
    for (key, fact) in &facts.assessments {
        lines.insert(format!("assessment {}", key.node), assessment(fact));
    }
    for (key, fact) in &facts.appraisals {
        let (version, of) = (fact.version, fact.assessment_version);
        let value =
            format!("version {version} {}: {} of {of}; {}", fact.id, fact.points, fact.reason);
        let value = value + &document::line(&fact.documents);
        lines.insert(format!("appraisal {}", key.node), value);
    }
    for ((plan, finding), fact) in &facts.acknowledgements {
        let state = if fact.is_revoked { "revoked" } else { "acknowledged" };
        let value = format!(
            "version {}: {state} by {} of {} at {}: {}",
            fact.version, fact.actor, fact.unit, fact.decide_time, fact.reason
        );
        lines.insert(format!("acknowledgement {plan} {finding}"), value);
    }
    for (id, fact) in &facts.assignments {
        let (last, done) = (or_empty(fact.last_date, date), or_empty(fact.done_date, date));
        let value = format!(
            "version {}: {} {} {} last [{last}] done [{done}]",
            fact.version,
            fact.task,
            fact.unit,
            fact.state.as_str()
        );
        lines.insert(format!("assignment {id}"), value);
    }
    for ((plan, unit), fact) in &facts.scorecards {
        lines.insert(format!("scorecard {plan} {unit}"), scorecard(fact));
    }
    lines.extend(asked(facts));
    lines
}

/// What surveys brought.
fn asked(facts: &Facts) -> Lines {
    let mut lines = Lines::new();
    for (code, fact) in &facts.surveys {
        let state = if facts.closed.contains(code) { "closed" } else { "open" };
        lines.insert(format!("survey {code}"), format!("{state}; {}", survey(fact)));
        lines.extend(drawn(fact));
    }
    for (key, fact) in facts.tallies.iter().filter(|(_, fact)| !fact.is_nothing()) {
        let what = format!("tally {}/{}/{}", key.survey, key.question, key.cluster);
        lines.insert(what, answers(fact));
    }
    for (PartKey { part, of }, fact) in
        facts.by_domain.iter().filter(|(_, fact)| !fact.is_nothing())
    {
        let of = format!("{}/{}/{}", of.survey, of.question, of.cluster);
        let what = format!("tally {of} of {} {}", part.question, part.answer);
        lines.insert(what, answers(fact));
    }
    for (survey, rows) in
        facts.quarantined.iter().filter(|(_, rows)| **rows != Quarantined::default())
    {
        lines.insert(format!("quarantined {survey}"), quarantined(*rows));
    }
    for (survey, of) in facts.flagged.iter().filter(|(_, of)| **of != Flagged::default()) {
        lines.insert(format!("flagged {survey}"), flagged(of));
    }
    for ((survey, stratum), of) in &facts.outlooks {
        lines.insert(format!("outlook {survey}/{stratum}"), outlook(of));
    }
    lines
}

/// Every sum that is not nothing.
pub(crate) fn sums(sums: &Sums) -> Lines {
    let variables = sums.variables.iter().filter(|(_, sum)| **sum != Sum::default());
    let questions = sums.questions.iter().filter(|(_, sum)| !sum.is_nothing());
    let variables =
        variables.map(|((index, variable), Sum { numerator, denominator, reported, partial })| {
            let value = format!("{numerator}/{denominator} of {reported}, {partial} in part");
            (format!("sum {index} {variable}"), value)
        });
    let questions = questions
        .map(|((survey, question), sum)| (format!("sum {survey}/{question}"), answers(sum)));
    variables.chain(questions).collect()
}

fn measurement(fact: &Measurement) -> String {
    let reported = fact.reported.map(|reported| {
        let denominator = or_empty(reported.denominator, |whole| format!("/{whole}"));
        format!("{}{denominator}", reported.numerator)
    });
    let reported = reported.unwrap_or_else(|| "retracted".to_owned());
    format!("version {} {}: {reported}; {}", fact.version, fact.id, fact.evidence)
}

fn assessment(fact: &Assessment) -> String {
    format!(
        "version {} {} by {}: {}; {}; {}{}",
        fact.version,
        fact.id,
        fact.unit,
        fact.points,
        fact.evidence.join("; "),
        fact.explanation,
        document::line(&fact.documents)
    )
}

fn scorecard(fact: &Scorecard) -> String {
    let reports = fact.content.reports.iter().map(|of| {
        let last = or_empty(of.last_date, date);
        let document = or_empty(of.document.as_ref(), |(on, number)| format!("{number} of {on}"));
        let (state, late) = (of.state.as_str(), of.late_days);
        format!("; {} {state} {late} last [{last}] [{document}]", of.period)
    });
    let tasks = fact.content.tasks.iter().map(|of| {
        let since = or_empty(of.since, date);
        format!("; task {} {} {} since [{since}]", of.task, of.state.as_str(), of.missed)
    });
    format!("version {}{}{}", fact.version, reports.collect::<String>(), tasks.collect::<String>())
}

fn survey(fact: &Survey) -> String {
    let asked = fact.questions.iter();
    let questions: Vec<String> = asked
        .map(|(question, asked)| format!("{question} {} [{}]", asked.node, asked.answers.join(" ")))
        .collect();
    let domains = fact.domains.iter().map(|domain| {
        let answers: Vec<&str> = domain.answers.iter().map(|answer| &answer.name[..]).collect();
        format!("; by {} [{}]", domain.question, answers.join(" "))
    });
    let domains: String = domains.collect();
    let numbers = fact.numbers.iter().map(|of| {
        let AskedNumber { question, unit, places, .. } = of;
        format!("; number {question} of {places} places [{unit}]")
    });
    let numbers: String = numbers.collect();
    format!("at least {}; {}{domains}{numbers}", fact.minimum_cell, questions.join(", "))
}

/// How a sample was drawn, a line a commune and one a district of known size.
fn drawn(Survey { code, drawn, .. }: &Survey) -> Lines {
    let communes = drawn.clusters.iter().map(|(cluster, of)| {
        let weight = or_empty(of.base_weight, |weight| format!(" weighs {weight}"));
        let people = or_empty(of.population, |people| format!(" of {people} people"));
        (format!("drawn {code}/{cluster}"), format!("in {}{weight}{people}", of.stratum))
    });
    let districts = drawn.communes.iter();
    let districts = districts
        .map(|(district, count)| (format!("communes {code}/{district}"), count.to_string()));
    communes.chain(districts).collect()
}

fn answers(Answers { tally, counts }: &Answers) -> String {
    let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
    let (of, counts) = (tally, counts.join(" "));
    format!("{}/{} and {} not answered [{counts}]", of.satisfied, of.valid, of.not_answered)
}

fn quarantined(Quarantined { waiting, given_up }: Quarantined) -> String {
    format!("{waiting} waiting and {given_up} given up")
}

/// Flagged responses; empty when there are none.
fn flagged(of: &Flagged) -> String {
    if *of == Flagged::default() {
        return String::new();
    }
    let flags = of.flags().map(|(flag, Bearing { flagged, excluded })| {
        format!("; flag {} {flagged} less {excluded}", flag.number())
    });
    format!("{} excluded{}", of.excluded, flags.collect::<String>())
}

fn outlook(of: &Outlook) -> String {
    let foreseen = or_empty(of.foreseen, |count| count.to_string());
    let word = if of.will_miss { "short" } else { "on its way" };
    let (version, day) = (of.version, of.day);
    format!("version {version}: {word}, {}/{} foreseen [{foreseen}] on {day}", of.stored, of.quota)
}

fn score(score: Score) -> String {
    let points = score.points.map_or_else(|| "unknown".to_owned(), points);
    let state = if score.complete { "complete" } else { "incomplete" };
    let is_out = score.excluded != Points::ZERO;
    let excluded = if is_out { format!(" without {}", score.excluded) } else { String::new() };
    format!("{points} {state} {}{excluded}", score.so_far)
}

fn judgement(judgement: Judgement) -> String {
    let gap = judgement.gap.map_or_else(|| "unknown".to_owned(), decimal);
    format!("{} {gap}", judgement.verdict.as_str())
}

fn rank(target: RankTarget) -> String {
    match target {
        RankTarget::Exact(place) => format!("exact {place}"),
        RankTarget::Top(place) => format!("top {place}"),
        RankTarget::Group(group) => format!("group {group}"),
        RankTarget::GroupOf { group, size } => format!("group {group} of {size}"),
        RankTarget::Leading => "leading".to_owned(),
    }
}

const fn word(basis: BaselineBasis) -> &'static str {
    match basis {
        BaselineBasis::Stated => "stated",
        BaselineBasis::Implied => "implied",
        BaselineBasis::Published => "published",
        BaselineBasis::Computed => "computed",
    }
}

fn standing(Standing { rank, of, group }: Standing) -> String {
    let group = or_empty(group, |group| format!(" group {group}"));
    format!("{rank} of {of}{group}")
}

fn points(points: Points) -> String {
    points.to_string()
}

fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

fn date(date: impl Display) -> String {
    date.to_string()
}

fn or_empty<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> String {
    value.map_or_else(String::new, write)
}
