//! `cchc survey fieldwork`: district by district, how many responses have come, how many are still needed, and
//! whether the pace will do.

use std::process::ExitCode;

use cchc_proto::survey::v1::{
    GetFieldworkRequest, GetFieldworkResponse, StratumOutlook,
    survey_service_client::SurveyServiceClient,
};

use crate::{
    connect::{QUESTION, Server},
    contract_json,
    error::CliError,
    output::Output,
    say::Lang,
};

/// Asks and prints.
pub(super) async fn run(
    server: &Server,
    code: &str,
    output: &Output,
) -> Result<ExitCode, CliError> {
    let mut client = SurveyServiceClient::new(server.channel());
    let ask = GetFieldworkRequest { survey_code: code.to_owned() };
    let answer = client.get_fieldwork(server.request(ask, QUESTION)).await;
    let answer = answer.map_err(|status| server.refused(&status))?.into_inner();
    if output.is_json() {
        output.json(&contract_json::json(&answer))?;
    } else {
        for line in lines(code, &answer, output.lang()) {
            output.line(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What is said of a survey's fieldwork, line by line.
fn lines(code: &str, answer: &GetFieldworkResponse, lang: Lang) -> Vec<String> {
    let GetFieldworkResponse { foresee_date, days_left_count: left, required_count, strata } =
        answer;
    let day = foresee_date
        .map_or(String::new(), |day| format!("{:02}/{:02}/{}", day.day, day.month, day.year));
    let mut lines = vec![match lang {
        Lang::Vi => format!("{code}: ngày {day}, còn {left} ngày thu thập phiếu."),
        Lang::En => format!("{code}: on {day}, {left} days of fieldwork left."),
    }];
    lines.extend(required_count.map(|count| match lang {
        Lang::Vi => format!("Cỡ mẫu cần thiết theo sai số cho phép: {count} phiếu."),
        Lang::En => format!("The margin of error takes {count} responses."),
    }));
    lines.extend(strata.iter().map(|stratum| of_stratum(stratum, lang)));
    let short = strata.iter().filter(|stratum| stratum.will_miss).count();
    lines.push(match (lang, short) {
        (Lang::Vi, 0) => "Các tầng đều đúng tiến độ.".to_owned(),
        (Lang::En, 0) => "Every stratum is on its way.".to_owned(),
        (Lang::Vi, _) => format!("{short}/{} tầng dự báo không đủ mẫu.", strata.len()),
        (Lang::En, _) => format!("{short} of {} strata will miss their quotas.", strata.len()),
    });
    lines
}

fn of_stratum(stratum: &StratumOutlook, lang: Lang) -> String {
    let StratumOutlook {
        stratum_code: code,
        quota_count: quota,
        stored_count: stored,
        needed_count: needed,
        due_count: due,
        foreseen_count: foreseen,
        will_miss,
        needed_a_day_count: a_day,
    } = stratum;
    let mut said = vec![match lang {
        Lang::Vi => format!("  {code}: đã có {stored}/{quota} phiếu, còn thiếu {needed}"),
        Lang::En => format!("  {code}: {stored} of {quota} responses, {needed} still needed"),
    }];
    said.extend(a_day.filter(|_| *needed > 0).map(|a_day| match lang {
        Lang::Vi => format!(", mỗi ngày cần {a_day}"),
        Lang::En => format!(", {a_day} a day"),
    }));
    said.push(match lang {
        Lang::Vi => format!("; đến nay cần {due}"),
        Lang::En => format!("; {due} due by now"),
    });
    said.extend(foreseen.map(|foreseen| match lang {
        Lang::Vi => format!(", theo tiến độ sẽ có {foreseen}"),
        Lang::En => format!(", {foreseen} at this pace"),
    }));
    let verdict = match (lang, will_miss) {
        (Lang::Vi, true) => " – DỰ BÁO KHÔNG ĐỦ MẪU",
        (Lang::En, true) => " – WILL MISS ITS QUOTA",
        (_, false) => "",
    };
    said.concat() + verdict
}

#[cfg(test)]
mod tests {
    use cchc_proto::common::v1::Date;

    use super::*;

    fn answer() -> GetFieldworkResponse {
        let stratum = |code: &str, stored: i64, will_miss| StratumOutlook {
            stratum_code: code.to_owned(),
            quota_count: 300,
            stored_count: stored,
            needed_count: 300 - stored,
            due_count: 100,
            foreseen_count: Some(stored * 3),
            will_miss,
            needed_a_day_count: Some((319 - stored) / 20),
        };
        GetFieldworkResponse {
            foresee_date: Some(Date { year: 2018, month: 6, day: 11 }),
            days_left_count: 20,
            required_count: Some(546),
            strata: vec![stratum("193", 99, true), stratum("194", 300, false)],
        }
    }

    #[test]
    fn officials_read_what_is_missing_and_whether_the_pace_will_do() {
        let said = lines("SIPAS-QN-2018", &answer(), Lang::Vi);

        assert_eq!(
            said,
            [
                "SIPAS-QN-2018: ngày 11/06/2018, còn 20 ngày thu thập phiếu.",
                "Cỡ mẫu cần thiết theo sai số cho phép: 546 phiếu.",
                "  193: đã có 99/300 phiếu, còn thiếu 201, mỗi ngày cần 11; đến nay cần 100, theo tiến độ sẽ có 297 – DỰ BÁO KHÔNG ĐỦ MẪU",
                "  194: đã có 300/300 phiếu, còn thiếu 0; đến nay cần 100, theo tiến độ sẽ có 900",
                "1/2 tầng dự báo không đủ mẫu.",
            ]
        );
    }

    #[test]
    fn operators_read_the_same_in_english() {
        let mut well = answer();
        well.strata.remove(0);

        let said = lines("S", &well, Lang::En);

        assert_eq!(said.last().map(String::as_str), Some("Every stratum is on its way."));
        assert_eq!(
            said[2],
            "  194: 300 of 300 responses, 0 still needed; 100 due by now, 900 at this pace"
        );
    }
}
