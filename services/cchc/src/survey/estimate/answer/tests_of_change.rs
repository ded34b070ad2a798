//! Tests: of tables, between groups or surveys, against a published value.
#![expect(clippy::float_arithmetic, reason = "test statistics are real-valued")]

use cchc_scoring::survey::{
    combination::{Combination, Term},
    compare::{
        Difference, benjamini_hochberg, published_standard_error, satterthwaite,
        smallest_detectable, smallest_detectable_normal,
    },
    sample::{Estimates, Question},
    special::real,
    table::{Independence, ShareTable},
};
use serde_json::{Map, Value, json};

use super::{Asked, EstimateSpec, Fault, Frame, Freedom, Group, Stat, Table, finite, lonely};
use crate::survey::estimate::{expression::evaluate, spec::ChisqWord};

/// Whether two classifications are independent within a domain.
pub(super) fn independence(
    spec: &EstimateSpec,
    asked: &Asked,
    group: &Group,
    frame: &Frame,
    table: &Table,
) -> Result<Value, Fault> {
    let [rows, columns] = spec.vars.as_slice() else {
        return Err(Fault::new("estimate.vars", "cần đúng hai cột", "there must be two columns"));
    };
    let read =
        |name: &String| evaluate(name, table).map_err(|why| Fault::formula("estimate.vars", why));
    let (rows, columns) = (read(rows)?, read(columns)?);
    let domain: Vec<bool> =
        group.domain.iter().zip(&asked.is_complete).map(|(a, b)| *a && *b).collect();
    let present = |column: &crate::survey::estimate::table::Column| {
        let labels = column.labels();
        let mut levels = column.levels();
        levels.retain(|level| {
            let mut members = labels.iter().zip(&group.domain);
            members.any(|(label, is_in)| *is_in && label.as_ref() == Some(level))
        });
        (labels, levels)
    };
    let ((row_labels, row_levels), (column_labels, column_levels)) =
        (present(&rows), present(&columns));
    let mut variables = vec![vec![1.0; table.len()]];
    let mut combinations = Vec::new();
    for row in &row_levels {
        for column in &column_levels {
            let labels = row_labels.iter().zip(&column_labels);
            let is_at = labels.map(|(r, c)| r.as_ref() == Some(row) && c.as_ref() == Some(column));
            combinations.push(Combination::ratio(variables.len(), 0));
            variables.push(is_at.map(|is_at| f64::from(u8::from(is_at))).collect());
        }
    }
    // Behind the shares the totals over everybody, which is itself an estimate.
    let cells = combinations.len();
    let members = frame.weights().iter().zip(&domain).filter(|(_, is_in)| **is_in);
    let mass: f64 = members.map(|(weight, _)| weight).sum();
    combinations.extend((1..=cells).map(|cell| Combination::total(cell).scaled(1.0 / mass)));
    let question = Question { domain: &domain, variables: &variables, combinations: &combinations };
    let estimates = frame.estimate(&question).map_err(lonely)?;
    let block = |from: usize| estimates.covariance.view((from, from), (cells, cells)).into_owned();
    let shares = ShareTable {
        rows: row_levels.len(),
        columns: column_levels.len(),
        shares: estimates.values.iter().take(cells).map(|value| value.unwrap_or(0.0)).collect(),
        covariance: block(0),
        total_covariance: block(cells),
        people: group.domain.iter().filter(|is_in| **is_in).count(),
        degrees_of_freedom: frame.degrees_of_freedom(&group.domain),
    };
    let found = match spec.statistic {
        ChisqWord::F => shares.second_order(),
        ChisqWord::Chisq => shares.first_order(),
        ChisqWord::Wald => shares.wald(false),
        ChisqWord::AdjWald => shares.wald(true),
    };
    let found = found.ok_or_else(|| {
        Fault::impossible("estimate.vars", "one of the columns has a single label")
    })?;
    Ok(independence_json(&found, &shares))
}

fn independence_json(found: &Independence, table: &ShareTable) -> Value {
    json!({
        "statistic": finite(found.statistic),
        "ndf": finite(found.above),
        "ddf": finite(found.below),
        "p_value": finite(found.p_value),
        "pearson": finite(table.pearson()),
        "n": table.people,
        "df": table.degrees_of_freedom,
    })
}

/// A mean's difference between two groups, or its distance from zero.
pub(super) fn groups(
    spec: &EstimateSpec,
    asked: &Asked,
    group: &Group,
    domain: &[bool],
    frame: &Frame,
    table: &Table,
) -> Result<Value, Fault> {
    let figure = asked.figures.first().ok_or_else(|| Fault::missing("estimate.vars"))?;
    let Some(name) = spec.group.as_ref() else {
        if spec.stat == Stat::TwoSurveys {
            return Err(Fault::missing("estimate.group"));
        }
        return from_zero(spec, asked, domain, frame);
    };
    let column = evaluate(name, table).map_err(|why| Fault::formula("estimate.group", why))?;
    let labels = column.labels();
    let is_member = |row: usize, level: &String| {
        domain.get(row).copied().unwrap_or(false)
            && labels.get(row).and_then(Option::as_ref) == Some(level)
    };
    let mut levels = column.levels();
    levels.retain(|level| (0..table.len()).any(|row| is_member(row, level)));
    let [first, second] = levels.as_slice() else {
        return Err(Fault::new(
            "estimate.group",
            format!("“{name}” phải có đúng hai nhóm, đang có {}", levels.len()),
            format!("`{name}` must have two groups; it has {}", levels.len()),
        ));
    };
    let members = |level: &String| -> Vec<bool> {
        (0..table.len()).map(|row| is_member(row, level)).collect()
    };
    let (before, after) = (members(first), members(second));
    let both: Vec<bool> = before.iter().zip(&after).map(|(a, b)| *a || *b).collect();
    let (variables, combinations) = doubled(asked, &figure.combination, &before, &after);
    let question = Question { domain: &both, variables: &variables, combinations: &combinations };
    let estimates = frame.estimate(&question).map_err(lonely)?;
    let of_group = |members: &[bool]| real(frame.degrees_of_freedom(members));
    let whole: Vec<bool> =
        if spec.stat == Stat::Ttest { both.clone() } else { group.domain.clone() };
    let freedom = Freedom::new(spec, &whole, frame)?;
    let own = (of_group(&before), of_group(&after));
    Ok(difference_json(spec, &estimates, (first, second), &freedom, own))
}

/// The figure in each of two groups, and the second less the first.
fn doubled(
    asked: &Asked,
    figure: &Combination,
    before: &[bool],
    after: &[bool],
) -> (Vec<Vec<f64>>, [Combination; 3]) {
    let within = |members: &[bool]| -> Vec<Vec<f64>> {
        let keep = |variable: &Vec<f64>| {
            let rows = variable.iter().zip(members);
            rows.map(|(value, is_in)| if *is_in { *value } else { 0.0 }).collect()
        };
        asked.variables.iter().map(keep).collect()
    };
    let mut variables = within(before);
    let count = variables.len();
    variables.extend(within(after));
    let moved = |places: &[usize]| places.iter().map(|place| place + count).collect();
    let shifted = Combination {
        terms: figure
            .terms
            .iter()
            .map(|term| Term {
                coefficient: term.coefficient,
                numerators: moved(&term.numerators),
                denominators: moved(&term.denominators),
            })
            .collect(),
    };
    let difference = shifted.clone().plus(figure.clone().scaled(-1.0));
    (variables, [figure.clone(), shifted, difference])
}

fn difference_json(
    spec: &EstimateSpec,
    estimates: &Estimates,
    (first, second): (&String, &String),
    freedom: &Freedom,
    own: (f64, f64),
) -> Value {
    let value = |place: usize| estimates.values.get(place).copied().flatten();
    let error = |place: usize| estimates.standard_error(place);
    let pairs = value(2).zip(error(2));
    // R fits a line with two coefficients: one degree of freedom goes to the slope.
    let fitted = if spec.df.is_none() { freedom.used - 1.0 } else { freedom.used };
    let df = if spec.stat == Stat::Ttest { fitted } else { freedom.used };
    let test = |df: f64| pairs.and_then(|(difference, se)| Difference::new(difference, se, df));
    let mut result = Map::new();
    result.insert(
        "groups".to_owned(),
        json!([
            { "name": first, "estimate": value(0), "se": error(0), "df": own.0 },
            { "name": second, "estimate": value(1), "se": error(1), "df": own.1 },
        ]),
    );
    put_test(spec, test(df), &mut result);
    if spec.stat == Stat::TwoSurveys {
        let variances = error(0).zip(error(1)).map(|(a, b)| (a * a, b * b));
        let satterthwaite = variances.map(|(a, b)| satterthwaite((a, own.0), (b, own.1)));
        let p = |df: Option<f64>| df.and_then(test).map(|test| test.p_value);
        result.insert("df_svyttest".to_owned(), json!(freedom.used - 1.0));
        result.insert("p_value_svyttest".to_owned(), json!(p(Some(freedom.used - 1.0))));
        result.insert("df_satterthwaite".to_owned(), json!(satterthwaite));
        result.insert("p_value_satterthwaite".to_owned(), json!(p(satterthwaite)));
    }
    Value::Object(result)
}

fn put_test(spec: &EstimateSpec, test: Option<Difference>, result: &mut Map<String, Value>) {
    let Some(test) = test else {
        result.insert("flags".to_owned(), json!(["NO_DEGREES_OF_FREEDOM"]));
        return;
    };
    let (low, high) = test.interval(spec.confidence);
    let mut put = |key: &str, value: Value| result.insert(key.to_owned(), value);
    put("diff", json!(test.difference));
    put("se", json!(test.standard_error));
    put("df", finite(test.degrees_of_freedom));
    put("t", json!(test.t));
    put("p_value", json!(test.p_value));
    put("ci95_diff", json!([low, high]));
    let (se, df) = (test.standard_error, test.degrees_of_freedom);
    put("mdc80_t", finite(smallest_detectable(se, df, 0.8)));
    put("mdc80_normal", finite(smallest_detectable_normal(se, 0.8)));
}

fn from_zero(
    spec: &EstimateSpec,
    asked: &Asked,
    domain: &[bool],
    frame: &Frame,
) -> Result<Value, Fault> {
    let combinations: Vec<Combination> =
        asked.figures.iter().map(|figure| figure.combination.clone()).collect();
    let question = Question { domain, variables: &asked.variables, combinations: &combinations };
    let estimates = frame.estimate(&question).map_err(lonely)?;
    let freedom = Freedom::new(spec, domain, frame)?;
    // R's one-sample test gives one degree of freedom away.
    let df = if spec.df.is_none() { freedom.used - 1.0 } else { freedom.used };
    let value = estimates.values.first().copied().flatten();
    let test = value
        .zip(estimates.standard_error(0))
        .and_then(|(value, error)| Difference::new(value, error, df));
    let mut result = Map::new();
    result.insert("estimate".to_owned(), json!(value));
    put_test(spec, test, &mut result);
    Ok(Value::Object(result))
}

/// Adds the test against a published value.
pub(super) fn published(
    spec: &EstimateSpec,
    estimates: &Estimates,
    place: usize,
    freedom: &Freedom,
    result: &mut Map<String, Value>,
) -> Result<(), Fault> {
    let published = spec.published.ok_or_else(|| Fault::missing("estimate.published"))?;
    let value = estimates.values.get(place).copied().flatten();
    let Some((value, own)) = value.zip(estimates.standard_error(place)) else { return Ok(()) };
    let error = match spec.published_n {
        None => own,
        Some(people) => {
            let effect = result.get("deff").and_then(Value::as_f64).unwrap_or(1.0);
            let theirs = published_standard_error(published, people, effect);
            (own * own + theirs * theirs).sqrt()
        }
    };
    let mut of_test = Map::new();
    put_test(spec, Difference::new(value - published, error, freedom.used), &mut of_test);
    of_test.remove("se");
    result.insert("se_diff".to_owned(), json!(error));
    result.insert("published".to_owned(), json!(published));
    result.extend(of_test);
    Ok(())
}

/// Adds p-values that hold for all comparisons together.
pub(super) fn adjust_p_values(results: &mut [Value]) {
    let p = |result: &Value| result.get("p_value").and_then(Value::as_f64).unwrap_or(f64::NAN);
    let adjusted = benjamini_hochberg(&results.iter().map(p).collect::<Vec<f64>>());
    for (result, value) in results.iter_mut().zip(adjusted) {
        if let Some(map) = result.as_object_mut() {
            map.insert("p_adjusted".to_owned(), finite(value));
        }
    }
}
