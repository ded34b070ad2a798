//! Parts of an edition in words.

use cchc_proto::registry::v1::State;
use cchc_scoring::{
    catalogue::{Composition, Node, NodePeriod, Provenance, Source},
    edition::{IndexField, NodeField},
    rule::{NotApplicable, SurveyNotHeld},
    words,
};

use crate::say::Lang;

/// Who scores a node.
pub(super) const fn source(source: Source, lang: Lang) -> &'static str {
    match source {
        Source::SelfAssessed => lang.t("tự đánh giá, thẩm định", "self-assessed, appraised"),
        Source::Administrative => lang.t("số liệu báo cáo", "reports of units"),
        Source::Survey => lang.t("điều tra xã hội học", "survey"),
        Source::External => lang.t("bên ngoài công bố", "published by others"),
        Source::Children => lang.t("tổng các mục con", "sum of its children"),
    }
}

/// How far an edition is official.
pub(super) const fn provenance(provenance: Provenance, lang: Lang) -> &'static str {
    match provenance {
        Provenance::Official => lang.t("chính thức", "official"),
        Provenance::StatedInPlan => lang.t("nêu trong kế hoạch", "stated in the plan"),
        Provenance::Own => lang.t("nội bộ, không chính thức", "own, not official"),
    }
}

/// Where an edition stands.
pub(super) const fn state(state: State, lang: Lang) -> &'static str {
    match state {
        State::Draft => lang.t("dự thảo", "draft"),
        State::Published => lang.t("đã ban hành", "published"),
        State::Retired => lang.t("ngừng sử dụng", "retired"),
        State::Unspecified => "?",
    }
}

/// The maximum of a node; unknown is said to be unknown.
pub(super) fn max(node: &Node, lang: Lang) -> String {
    let unknown = || lang.t("chưa biết", "unknown").to_owned();
    node.max.map_or_else(unknown, |max| lang.figure(&max.to_string()))
}

/// How a node comes to its points, in words.
pub(super) fn rule(node: &Node, lang: Lang) -> String {
    let said = match lang {
        Lang::Vi => words::rule,
        Lang::En => words::rule_en,
    };
    node.rule.as_ref().map(said).unwrap_or_default()
}

fn composition(composition: Composition, lang: Lang) -> &'static str {
    match composition {
        Composition::Sum => lang.t("cộng các mục con", "sum of its children"),
        Composition::Own => lang.t("số riêng", "its own figure"),
    }
}

fn period(period: NodePeriod, lang: Lang) -> &'static str {
    match period {
        NodePeriod::Quarter => lang.t("quý", "quarter"),
        NodePeriod::SixMonths => lang.t("6 tháng", "six months"),
        NodePeriod::NineMonths => lang.t("9 tháng", "nine months"),
        NodePeriod::Year => lang.t("năm", "year"),
    }
}

fn not_applicable(flag: NotApplicable, lang: Lang) -> &'static str {
    match flag {
        NotApplicable::FullMarks => lang.t("điểm tối đa", "full marks"),
        NotApplicable::OutOfDenominator => lang.t("trừ khỏi mẫu số", "out of the denominator"),
    }
}

fn survey_not_held(flag: SurveyNotHeld, lang: Lang) -> &'static str {
    match flag {
        SurveyNotHeld::Pending => lang.t("chờ kết quả", "pending"),
        SurveyNotHeld::Renormalise => lang.t("tính lại thang điểm", "renormalise"),
    }
}

/// A field's name.
pub(super) const fn field(field: NodeField, lang: Lang) -> &'static str {
    match field {
        NodeField::Code => lang.t("Chuyển vị trí", "Moved"),
        NodeField::Title => lang.t("Đổi tên", "Renamed"),
        NodeField::TitleEn => lang.t("Tên tiếng Anh", "English title"),
        NodeField::Max => lang.t("Điểm tối đa", "Maximum"),
        NodeField::Composition => lang.t("Cách hợp điểm", "Composition"),
        NodeField::Source => lang.t("Nguồn điểm", "Source"),
        NodeField::Rule => lang.t("Quy tắc", "Rule"),
        NodeField::Variable => lang.t("Số liệu", "Variable"),
        NodeField::Lead => lang.t("Chủ trì", "Lead"),
        NodeField::Coordinating => lang.t("Phối hợp", "Coordinating"),
        NodeField::Reference => lang.t("Dẫn chiếu", "Reference"),
        NodeField::Evidence => lang.t("Tài liệu kiểm chứng", "Evidence"),
        NodeField::Periods => lang.t("Kỳ đánh giá", "Periods"),
        NodeField::NotApplicable => lang.t("Khi không phát sinh", "When not applicable"),
        NodeField::SurveyNotHeld => lang.t("Khi không khảo sát", "When no survey is held"),
    }
}

/// A field's value in a node.
pub(super) fn value(node: &Node, field: NodeField, lang: Lang) -> String {
    let optional = |text: Option<String>| text.unwrap_or_default();
    match field {
        NodeField::Code => node.code.to_string(),
        NodeField::Title => node.title.clone(),
        NodeField::TitleEn => node.title_en.clone(),
        NodeField::Max => max(node, lang),
        NodeField::Composition => composition(node.composition, lang).to_owned(),
        NodeField::Source => source(node.source, lang).to_owned(),
        NodeField::Rule => rule(node, lang),
        NodeField::Variable => optional(node.variable.as_ref().map(ToString::to_string)),
        NodeField::Lead => optional(node.lead.as_ref().map(ToString::to_string)),
        NodeField::Coordinating => joined(node.coordinating.iter().map(ToString::to_string)),
        NodeField::Reference => node.reference.clone(),
        NodeField::Evidence => node.evidence.clone(),
        NodeField::Periods => joined(node.periods.iter().map(|one| period(*one, lang).to_owned())),
        NodeField::NotApplicable => {
            optional(node.not_applicable.map(|flag| not_applicable(flag, lang).to_owned()))
        }
        NodeField::SurveyNotHeld => survey_not_held(node.survey_not_held, lang).to_owned(),
    }
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// The name of a field of the index itself.
pub(super) const fn index_field(field: IndexField, lang: Lang) -> &'static str {
    match field {
        IndexField::Year => lang.t("năm", "year"),
        IndexField::Family => lang.t("tên chung", "family"),
        IndexField::Title => lang.t("tên", "title"),
        IndexField::TitleEn => lang.t("tên tiếng Anh", "English title"),
        IndexField::Unit => lang.t("đơn vị tính điểm", "unit"),
        IndexField::Provenance => lang.t("nguồn gốc", "provenance"),
        IndexField::Reference => lang.t("căn cứ", "reference"),
        IndexField::Letters => lang.t("xếp loại", "letters"),
    }
}
