//! A unit's self-assessment in a campaign, filled in and sent as a workbook.
//!
//! Each line bears the version of the entry that was read, so that of two officers who fill in the same form
//! the second is told what the first did, instead of writing over it.

use std::future::Future;

use cchc_core::Decimal;
use cchc_proto::{
    assignment::v1::{
        BatchMoveEntriesRequest, Entry, GetFormResponse, MoveEntryRequest, StepOutcome, UnitStep,
        campaign_service_client::CampaignServiceClient, get_form_response::Item,
        step_outcome::Outcome, unit_step,
    },
    common::v1 as common,
};
use tonic::Status;

use crate::{
    bulk::{Became, Bulk, Field, Form, Takes, whole},
    connect::{DELIVERY, Server},
    push::{Column, Record, Row},
    say::Lang,
};

impl Record for MoveEntryRequest {
    const WORD: &'static str = "entry";
    const COLUMNS: &'static [Column] = &[
        Column::required("campaign").called("Mã đợt đánh giá", "campaign_code"),
        Column::required("unit").called("Mã đơn vị", "unit_code"),
        Column::required("node").called("Mã mục", "node_id"),
        Column::aside("Tên mục"),
        Column::aside("Điểm tối đa"),
        Column::aside("Tài liệu cần có"),
        Column::aside("Đã chấm"),
        Column::optional("version").called("Phiên bản", "etag"),
        Column::required("points").called("Điểm tự chấm", "points"),
        Column::optional("evidence").called("Tài liệu kiểm chứng", "evidence"),
        Column::optional("explanation").called("Giải trình", "explanation"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        let score = unit_step::SelfScoring {
            points: row.number("points"),
            evidence: row.texts("evidence"),
            explanation: row.text("explanation"),
        };
        let step = UnitStep {
            campaign_code: row.required("campaign"),
            unit_code: row.required("unit"),
            node_id: row.required("node"),
            etag: row.text("version"),
            step: Some(unit_step::Step::Score(score)),
        };
        Self { request_id: String::new(), step: Some(step) }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        self.step.as_ref().map(|step| step.unit_code.as_str())
    }
}

impl Bulk for MoveEntryRequest {
    const FILLED: &'static [&'static str] = &["points", "evidence", "explanation"];
    const ABOUT: &'static str = "self_assessments";

    fn key(&self) -> String {
        let step = self.step.clone().unwrap_or_default();
        format!("{} {} {}", step.campaign_code, step.unit_code, step.node_id)
    }

    fn send(
        server: &Server,
        requests: Vec<Self>,
        validate_only: bool,
    ) -> impl Future<Output = Result<Vec<Became>, Status>> + Send {
        let scores: Vec<_> = requests.iter().map(score_of).collect();
        let ask = server.request(BatchMoveEntriesRequest { requests, validate_only }, DELIVERY);
        let mut client = CampaignServiceClient::new(server.channel());
        async move {
            let outcomes = client.batch_move_entries(ask).await?.into_inner().outcomes;
            Ok(outcomes.into_iter().zip(scores).map(|(of, score)| became(of, &score)).collect())
        }
    }
}

/// Points, documents and explanation.
type Score = (Option<common::Decimal>, Vec<String>, String);

fn score_of(request: &MoveEntryRequest) -> Score {
    match request.step.as_ref().and_then(|step| step.step.as_ref()) {
        Some(unit_step::Step::Score(said)) => {
            (said.points.clone(), said.evidence.clone(), said.explanation.clone())
        }
        _ => Score::default(),
    }
}

fn became(of: StepOutcome, score: &Score) -> Became {
    let is_repeat = of.is_repeat;
    match of.outcome {
        Some(Outcome::Entry(entry)) if is_repeat => {
            let said = entry.self_score.unwrap_or_default();
            let stands = *score == (said.points, said.evidence, said.explanation);
            if stands { Became::Repeat } else { Became::Superseded }
        }
        Some(Outcome::Entry(entry)) if entry.etag == "1" => Became::Accepted,
        Some(Outcome::Entry(_)) => Became::Corrected,
        Some(Outcome::Refusal(refusal)) if refusal.violations.is_empty() => {
            Became::Refused(vec![whole(refusal.reason, refusal.message, refusal.message_vi)])
        }
        Some(Outcome::Refusal(refusal)) => Became::Refused(refusal.violations),
        None => Became::Refused(Vec::new()),
    }
}

/// The form of a unit.
pub(super) fn form(form: &GetFormResponse) -> Form {
    let points = form.items.iter().map(|item| {
        let possible = item.possible_points.iter().filter_map(number).collect();
        (possible, item.maximum.as_ref().and_then(number))
    });
    let campaign = form.campaign.clone().unwrap_or_default();
    Form {
        sheet: "Tự chấm điểm",
        fields: vec![
            Field::code("campaign", 16.0, Takes::Text),
            Field::code("unit", 12.0, Takes::Text),
            Field::code("node", 16.0, Takes::Text),
            Field::aside("Tên mục", 52.0),
            Field::aside("Điểm tối đa", 11.0),
            Field::aside("Tài liệu cần có", 34.0),
            Field::aside("Đã chấm", 11.0),
            Field::code("version", 10.0, Takes::Text),
            Field::filled(
                "points",
                13.0,
                Takes::Points(points.collect()),
                "Chọn trong danh sách, hoặc ghi số không quá điểm tối đa. Để trống nếu chưa chấm.",
            ),
            Field::filled("evidence", 40.0, Takes::Text, ""),
            Field::filled("explanation", 50.0, Takes::Text, ""),
        ],
        rows: form.items.iter().map(row).collect(),
        has_spare_rows: false,
        help: vec![
            format!("{} – {}", campaign.code, campaign.title),
            "Chỉ ghi vào các cột Điểm tự chấm, Tài liệu kiểm chứng, Giải trình. Dòng để trống các cột này không được gửi và không thay đổi gì.".to_owned(),
            "Nhiều tài liệu kiểm chứng cách nhau bằng dấu |. Không sửa cột Phiên bản: nếu người khác đã chấm sau khi tải mẫu, dòng đó bị từ chối để không ghi đè.".to_owned(),
            "Kiểm tra trước: cchc campaign import TỆP --dry-run --report loi.xlsx".to_owned(),
        ],
    }
}

fn number(of: &common::Decimal) -> Option<Decimal> {
    of.value.parse().ok()
}

fn row(item: &Item) -> Vec<String> {
    let entry: Entry = item.entry.clone().unwrap_or_default();
    let shown =
        |of: Option<&common::Decimal>| of.map(|of| Lang::Vi.figure(&of.value)).unwrap_or_default();
    let own = entry.self_score.as_ref().and_then(|score| score.points.as_ref());
    let none = String::new;
    vec![
        entry.campaign_code,
        entry.unit_code,
        entry.node_id,
        item.title.clone(),
        shown(item.maximum.as_ref()),
        item.evidence_required.clone(),
        shown(own),
        entry.etag,
        none(),
        none(),
        none(),
    ]
}
