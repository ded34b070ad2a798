//! `cchc rollup forecast`: what scores may come to by the year's end, never without the interval.

use std::process::ExitCode;

use cchc_core::Decimal;
use cchc_proto::{
    common::v1::Decimal as PbDecimal,
    convert,
    reporting::v1::{
        Forecast, ForecastRollupRequest, NodeForecast,
        forecast_service_client::ForecastServiceClient,
        node_forecast::{Chance, Interval, Method},
    },
};
use time::OffsetDateTime;

use super::{Asked, wording};
use crate::{
    connect::{DELIVERY, QUESTION},
    contract_json,
    error::CliError,
    output::{Output, align_right},
    say::Lang,
};

pub(super) async fn run(
    asked: Asked,
    as_of: Option<OffsetDateTime>,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let Asked { plan_code, server, .. } = asked;
    // Looking back reads every fact.
    let limit = if as_of.is_some() { DELIVERY } else { QUESTION };
    let ask = ForecastRollupRequest { plan_code, as_of_time: as_of.map(convert::timestamp) };
    let mut client = ForecastServiceClient::new(server.channel());
    let answer = client.forecast_rollup(server.request(ask, limit)).await;
    let answer = answer.map_err(|status| server.refused(&status))?;
    print(&answer.into_inner().forecast.unwrap_or_default(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a forecast.
fn print(of: &Forecast, output: &Output) -> Result<(), CliError> {
    if output.is_json() {
        return output.json(&contract_json::json(of));
    }
    let lang = output.lang();
    output.line(format_args!("{} – {}", of.plan_code, of.title))?;
    let mut table = output.table(match lang {
        Lang::Vi => [
            "Mã",
            "Nội dung",
            "Hiện nay",
            "Giữa",
            "80 %",
            "95 %",
            "Chỉ tiêu",
            "Đạt",
            "Hạng",
            "Dự báo",
        ],
        Lang::En => [
            "Code", "Node", "Now", "Middle", "80 %", "95 %", "Target", "Reached", "Place",
            "Forecast",
        ],
    });
    table.add_rows(of.nodes.iter().map(|node| row(node, lang)));
    align_right(&mut table, 2..9);
    output.line(table)?;
    let moment = wording::moment(of.update_time.as_ref());
    output.line(match lang {
        Lang::Vi => format!("Từ số liệu đến {moment}; mã kiểm tra {}", of.checksum),
        Lang::En => format!("From what was known at {moment}; checksum {}", of.checksum),
    })
}

fn row(of: &NodeForecast, lang: Lang) -> [String; 10] {
    let figure = |value: Option<&PbDecimal>| value.map_or_else(dash, |value| short(value, lang));
    let note = match lang {
        Lang::Vi => of.note.clone(),
        Lang::En => of.note_en.clone(),
    };
    let is_certain = of.method() == Method::Certain;
    let likely = |chance: &Option<Chance>| {
        chance.as_ref().map_or_else(String::new, |chance| percent(chance, is_certain))
    };
    let place = likely(&of.rank_chance);
    let places = format!("{place} ({}–{}/{})", of.best_rank, of.worst_rank, of.of_count);
    [
        of.node_id.clone(),
        of.title.clone(),
        figure(of.points.as_ref()),
        figure(of.middle.as_ref()),
        interval(of.eighty.as_ref(), lang),
        interval(of.ninety_five.as_ref(), lang),
        figure(of.wanted.as_ref()),
        likely(&of.points_chance),
        if of.of_count > 0 { places.trim().to_owned() } else { place },
        note,
    ]
}

fn dash() -> String {
    "—".to_owned()
}

fn interval(of: Option<&Interval>, lang: Lang) -> String {
    let bounds = of.and_then(|of| of.low.as_ref().zip(of.high.as_ref()));
    bounds.map_or_else(dash, |(low, high)| {
        if low == high {
            return short(low, lang);
        }
        format!("{} – {}", short(low, lang), short(high, lang))
    })
}

/// Two places.
fn short(value: &PbDecimal, lang: Lang) -> String {
    let shown = value.value.parse::<Decimal>().map(|value| value.round_dp(2).normalize());
    shown.map_or_else(|_| value.value.clone(), |shown| lang.figure(&shown.to_string()))
}

/// Whole per cent; what is not certain is never told as 0 or 100.
fn percent(of: &Chance, is_certain: bool) -> String {
    let probability = of.probability.as_ref().and_then(|of| of.value.parse::<Decimal>().ok());
    let Some(percent) = probability.and_then(|of| of.checked_mul(Decimal::ONE_HUNDRED)) else {
        return dash();
    };
    match percent {
        least if !is_certain && least < Decimal::ONE => "< 1 %".to_owned(),
        most if !is_certain && most > Decimal::from(99) => "> 99 %".to_owned(),
        percent => format!("{} %", percent.round()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    #![expect(clippy::unnecessary_wraps, reason = "the fields of messages are optional")]
    use super::*;
    use crate::output::Memory;

    fn number(text: &str) -> Option<PbDecimal> {
        Some(PbDecimal { value: text.to_owned() })
    }

    fn between(low: &str, high: &str) -> Option<Interval> {
        Some(Interval { low: number(low), high: number(high) })
    }

    fn chance(probability: Option<&str>) -> Option<Chance> {
        Some(Chance { probability: probability.and_then(number) })
    }

    fn shown(node: NodeForecast, lang: Lang) -> String {
        let memory = Memory::default();
        let forecast = Forecast { nodes: vec![node], ..Forecast::default() };
        print(&forecast, &Output::to(lang, false, memory.clone())).unwrap();
        memory.text()
    }

    #[test]
    fn a_forecast_is_an_interval_a_probability_and_a_method() {
        let node = NodeForecast {
            node_id: "PAPI-2018/0".to_owned(),
            points: number("36.7198"),
            middle: number("36.7198"),
            eighty: between("34.5", "38.941234567"),
            ninety_five: between("33", "40.4"),
            wanted: number("39"),
            points_chance: chance(Some("0.0925")),
            rank_chance: chance(Some("0.9975")),
            best_rank: 21,
            worst_rank: 44,
            of_count: 63,
            note: "kết quả công bố các năm trước".to_owned(),
            ..NodeForecast::default()
        };

        let text = shown(node, Lang::Vi);

        for said in ["34,5 – 38,94", "33 – 40,4", "9 %", "> 99 % (21–44/63)", "các năm trước"]
        {
            assert!(text.contains(said), "{said}: {text}");
        }
    }

    #[test]
    fn what_cannot_be_forecast_has_dashes_and_a_reason_and_what_is_certain_no_doubt() {
        let unknown = NodeForecast {
            points_chance: chance(None),
            note_en: "Nothing of the year is known yet.".to_owned(),
            ..NodeForecast::default()
        };
        let certain = NodeForecast {
            method: Method::Certain.into(),
            eighty: between("5", "5"),
            points_chance: chance(Some("1")),
            ..NodeForecast::default()
        };

        let (unknown, certain) = (shown(unknown, Lang::En), shown(certain, Lang::En));

        assert_eq!(unknown.matches('—').count(), 6, "{unknown}");
        assert!(unknown.contains("Nothing of the year"), "{unknown}");
        assert!(certain.contains("100 %") && !certain.contains("5 – 5"), "{certain}");
    }

    #[test]
    fn a_day_ends_with_its_last_microsecond_in_viet_nam() {
        let end = super::super::end_of_day("2018-09-30").unwrap();

        assert_eq!(end.to_string(), "2018-09-30 23:59:59.999999 +07:00:00");
        assert!(super::super::end_of_day("2018-13-01").is_err());
    }
}
