//! What a check says: stated and computed side by side, in both languages.

use std::{fmt, str::FromStr};

use cchc_core::NodeId;
use serde::{Deserialize, Serialize};

use super::FindingId;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The plan cannot be carried out or scored as it stands.
    Error,
    /// The plan contradicts itself or what was published.
    Warning,
    /// Worth knowing when reading the figures.
    Note,
}

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The word of contracts and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// The Vietnamese label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Error => "Lỗi",
            Self::Warning => "Cảnh báo",
            Self::Note => "Lưu ý",
        }
    }
}

/// The word is not a kind of finding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a kind of finding")]
pub struct UnknownFindingKind(pub String);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $severity:ident, $label:literal;)+) => {
        /// What sort of disagreement a finding is. In the order in which findings are listed.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum FindingKind {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl FindingKind {
            /// Every kind, in the order of listing.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$name),+];

            /// The word of contracts and files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// How grave a finding of the kind is, unless it says otherwise.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// The Vietnamese label.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)+ }
            }
        }
    };
}

kinds! {
    /// A node, unit or edition that does not exist.
    UnknownReference = "unknown-reference", Error, "Tham chiếu không tồn tại";
    /// A node whose variable its edition does not define, or that has none and needs one.
    UndefinedVariable = "undefined-variable", Error, "Chưa định nghĩa số liệu báo cáo";
    /// A leaf that nothing can score.
    RuleMissing = "rule-missing", Error, "Thiếu quy tắc chấm điểm";
    /// A rule that is wrong in itself.
    FaultyRule = "faulty-rule", Error, "Quy tắc chấm điểm sai";
    /// A task number, target or baseline that stands twice.
    StatedTwice = "stated-twice", Error, "Nêu trùng";
    /// A promise of more than there is.
    TargetAboveMaximum = "target-above-maximum", Warning, "Chỉ tiêu vượt điểm tối đa";
    /// A start from more than there is.
    BaselineAboveMaximum = "baseline-above-maximum", Warning, "Điểm xuất phát vượt điểm tối đa";
    /// Children's maxima do not add up to their parent's.
    SumOfMaxima = "sum-of-maxima", Warning, "Tổng điểm tối đa không khớp";
    /// Children's targets do not add up to their parent's.
    SumOfTargets = "sum-of-targets", Warning, "Tổng chỉ tiêu không khớp";
    /// Children's increases do not add up to their parent's.
    SumOfIncreases = "sum-of-increases", Warning, "Tổng mức tăng không khớp";
    /// Children's baselines do not add up to their parent's.
    SumOfBaselines = "sum-of-baselines", Warning, "Tổng điểm xuất phát không khớp";
    /// A whole that is promised no more than the least of its parts, or no less than the greatest.
    MeanOfTargets = "mean-of-targets", Warning, "Chỉ tiêu chung không tương ứng chỉ tiêu thành phần";
    /// Baseline and increase do not give the target.
    IncreaseMismatch = "increase-mismatch", Warning, "Mức tăng không khớp chỉ tiêu";
    /// The plan starts from another figure than was published.
    BaselineNotPublished = "baseline-not-published", Warning, "Điểm xuất phát khác số công bố";
    /// A promise for which nothing says where it starts.
    BaselineMissing = "baseline-missing", Note, "Chưa có điểm xuất phát";
    /// A start that does not lie before the year planned for.
    BaselineYear = "baseline-year", Warning, "Năm của điểm xuất phát không trước năm kế hoạch";
    /// A promise of less than there was.
    TargetBelowBaseline = "target-below-baseline", Warning, "Chỉ tiêu kém hơn điểm xuất phát";
    /// A promise for a year before the plan's.
    TargetYearPast = "target-year-past", Warning, "Chỉ tiêu cho năm đã qua";
    /// A later year that is promised less than an earlier one.
    TargetsGoBack = "targets-go-back", Warning, "Chỉ tiêu năm sau kém hơn năm trước";
    /// Units that are all promised less than the province.
    UnitTargetsShort = "unit-targets-short", Warning, "Chỉ tiêu các đơn vị không đủ cho chỉ tiêu tỉnh";
    /// The stated share is not that of points and maximum.
    RatioMismatch = "ratio-mismatch", Warning, "Tỷ lệ không khớp điểm";
    /// A heading promises another place than the item below it.
    HeadingRank = "heading-rank", Warning, "Thứ hạng ở đề mục khác nội dung";
    /// A whole promised a worse place than each of its parts.
    RankLooserThanParts = "rank-looser-than-parts", Warning, "Thứ hạng chung thấp hơn mọi mục con";
    /// A place that does not exist.
    RankBeyond = "rank-beyond", Warning, "Thứ hạng không tồn tại";
    /// One duty with two dates for the same units.
    TwoDeadlines = "two-deadlines", Warning, "Một việc có hai thời hạn";
    /// A part of a task due after the whole, or a unit after the one above it.
    ChildDueLater = "child-due-later", Warning, "Hạn của cấp dưới sau hạn của cấp trên";
    /// Due before the plan was issued.
    DueBeforePlan = "due-before-plan", Warning, "Thời hạn trước khi có kế hoạch";
    /// A unit that is named and does not exist then.
    UnitNotThere = "unit-not-there", Warning, "Đơn vị không tồn tại vào thời điểm đó";
    /// A task, deadline or report that binds no unit.
    BindsNobody = "binds-nobody", Warning, "Không giao cho đơn vị nào";
    /// A unit that leads a task and is named beside its leads as well.
    LeadBeside = "lead-beside", Warning, "Đơn vị vừa chủ trì vừa phối hợp";
    /// Nobody answers for a promise.
    OwnerMissing = "owner-missing", Warning, "Chưa có đơn vị chủ trì";
    /// A promised increase for which nothing is to be done.
    TargetWithoutTask = "target-without-task", Warning, "Chỉ tiêu chưa có nhiệm vụ";
    /// Points expected of a task at a node that it does not serve.
    ExpectedElsewhere = "expected-elsewhere", Warning, "Điểm dự kiến ở mục nhiệm vụ không phục vụ";
    /// Tasks that are expected to bring more than a node can gain.
    ExpectedAboveGain = "expected-above-gain", Warning, "Điểm dự kiến vượt mức còn tăng được";
    /// Tasks that, all done, are expected to bring less than is promised.
    ExpectedShort = "expected-short", Warning, "Điểm dự kiến không đủ cho chỉ tiêu";
    /// A survey's node that those who are judged score themselves.
    SurveySelfScored = "survey-self-scored", Warning, "Mục khảo sát lại tự chấm điểm";
    /// A number left out between others.
    NumberingGap = "numbering-gap", Warning, "Đánh số không liên tục";
    /// The mean of the parts' baselines is not the whole's published figure, as the whole is no mean.
    MeanOfBaselines = "mean-of-baselines", Note, "Số chung không phải trung bình các thành phần";
    /// A place that reads two ways, or that has no number.
    AmbiguousRank = "ambiguous-rank", Note, "Chỉ tiêu thứ hạng chưa rõ";
    /// "%" more of a percentage: points, or relative.
    AmbiguousIncrease = "ambiguous-increase", Note, "Mức tăng phần trăm chưa rõ";
    /// A quoted share whose rest was read as the opposite answer.
    DontKnowIgnored = "dont-know-ignored", Note, "Bỏ qua người trả lời không biết";
    /// A last day on which offices are closed.
    DueOnWeekend = "due-on-weekend", Note, "Hạn cuối rơi vào ngày nghỉ";
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for FindingKind {
    type Err = UnknownFindingKind;

    fn from_str(text: &str) -> Result<Self, UnknownFindingKind> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| UnknownFindingKind(text.to_owned()))
    }
}

/// One disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What sort it is.
    pub kind: FindingKind,
    /// How grave it is.
    pub severity: Severity,
    /// What it is about: a node, a task's number, or the duty of a deadline.
    pub subject: String,
    /// Every node that has a part in it.
    pub nodes: Vec<NodeId>,
    /// What the plan says, where it says something.
    pub stated: Option<String>,
    /// What follows from the rest, where something does.
    pub computed: Option<String>,
    /// Where the plan says so.
    pub reference: String,
    /// The message in Vietnamese.
    pub message: String,
    /// The message in English.
    pub message_en: String,
}

impl Finding {
    /// Starts a finding of a kind about something, with the messages in Vietnamese and English.
    pub(super) fn new(
        kind: FindingKind,
        subject: impl fmt::Display,
        message: String,
        message_en: String,
    ) -> Self {
        Self {
            kind,
            severity: kind.severity(),
            subject: subject.to_string(),
            nodes: Vec::new(),
            stated: None,
            computed: None,
            reference: String::new(),
            message,
            message_en,
        }
    }

    /// Its lasting name: see [`FindingId`].
    #[must_use]
    pub fn id(&self) -> FindingId {
        FindingId::of(self)
    }

    /// Says which nodes have a part in it.
    pub(super) fn at(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Self {
        self.nodes.extend(nodes);
        self
    }

    /// Puts what the plan states beside what follows from the rest.
    pub(super) fn figures(
        mut self,
        stated: impl fmt::Display,
        computed: impl fmt::Display,
    ) -> Self {
        self.stated = Some(stated.to_string());
        self.computed = Some(computed.to_string());
        self
    }

    /// Says where the plan states it.
    pub(super) fn stated_in(mut self, reference: &str) -> Self {
        reference.clone_into(&mut self.reference);
        self
    }

    /// By what findings are sorted: all of it, so that equal places mean equal findings.
    pub(super) fn place(&self) -> impl Ord + '_ {
        (self.severity, self.kind, &self.subject, &self.reference, &self.message_en)
    }

    /// Makes it graver or milder than its kind.
    pub(super) const fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_have_a_word_for_programs_and_one_for_officials() {
        let words = Severity::ALL.map(|severity| (severity.as_str(), severity.label()));

        assert_eq!(words, [("error", "Lỗi"), ("warning", "Cảnh báo"), ("note", "Lưu ý")]);
    }
}
