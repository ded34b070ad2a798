//! One of each event of campaigns, with every field that a consumer reads.

use cchc_proto::{
    assignment::{
        events::v1::{CampaignSet, EntryMoved},
        v1::{
            Campaign, Entry,
            campaign::{ReasonCode, Window},
            entry::{self, Judgement, SelfScore},
        },
    },
    registry::v1::UnitSelector,
};

use crate::samples::{day, noon, number, text};

const fn window(month: i32, first: i32, last: i32) -> Window {
    Window { first_date: day(month, first), last_date: day(month, last) }
}

pub(crate) fn campaign_set() -> CampaignSet {
    let selector = UnitSelector { unit_codes: vec![text("193")], kinds: vec![] };
    let reason = ReasonCode {
        code: text("NO-EVIDENCE"),
        title: text("Chưa có tài liệu kiểm chứng"),
        title_en: text("No evidence"),
    };
    let campaign = Campaign {
        code: text("CCHC-2018"),
        title: text("Đánh giá năm 2018"),
        plan_code: text("QN-2018"),
        index_code: text("PAR-2018"),
        organiser_unit_code: text("22-SNV"),
        units: Some(selector),
        self_assessment: Some(window(11, 1, 10)),
        appraisal: Some(window(11, 12, 20)),
        explanation: Some(window(11, 22, 26)),
        second_appraisal: Some(window(12, 1, 5)),
        reason_codes: vec![reason],
        bound_unit_codes: vec![text("193")],
        etag: text("2"),
        stage: 0,
        lock_time: noon(),
    };
    CampaignSet { campaign: Some(campaign) }
}

pub(crate) fn entry_moved() -> EntryMoved {
    let score = SelfScore {
        points: number("9"),
        evidence: vec![text("Báo cáo 15/BC")],
        explanation: text("Đã đủ"),
    };
    let judged = Judgement {
        points: number("8"),
        reason_code: text("NO-EVIDENCE"),
        reason: text("Thiếu"),
        appraiser: text("hoi-dong"),
        decide_time: noon(),
    };
    let entry = Entry {
        campaign_code: text("CCHC-2018"),
        unit_code: text("193"),
        node_id: text("PAR-2018/1"),
        etag: text("4"),
        state: entry::State::Reappraised.into(),
        self_score: Some(score),
        first_appraisal: Some(judged.clone()),
        explanation: Some(entry::Explanation {
            text: text("Đã có văn bản"),
            evidence: vec![text("Công văn 7/CV")],
        }),
        second_appraisal: Some(judged),
        actor: text("hoi-dong"),
        record_time: noon(),
        ..Entry::default()
    };
    EntryMoved { plan_code: text("QN-2018"), entry: Some(entry) }
}
