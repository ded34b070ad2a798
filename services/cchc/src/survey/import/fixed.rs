//! The columns of a file that are no questions, and what they are called.

use std::collections::BTreeSet;

use cchc_proto::survey::v1::QualityFlag;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::survey) enum Holds {
    /// The response's own id, a UUID.
    ResponseId,
    /// The number that stands on the form of paper.
    FormNumber,
    /// The survey; may be left out.
    Survey,
    /// The commune.
    Commune,
    /// When the answers were given.
    Time,
    /// The number of a correction.
    Revision,
    /// Whether the response is taken back.
    Retracted,
    /// When answering began.
    Start,
    /// Who asked, under a name that says nothing of them.
    Interviewer,
    /// How it was answered.
    Channel,
    /// The code printed on the slip that led to the form.
    SlipCode,
    /// What the collector made of who the respondent is.
    RespondentKey,
    /// The answers to a question, by its place.
    Question(usize),
    /// Nothing that is read.
    Aside,
}

/// How a response came about, in the order in which a workbook asks for it.
const PARADATA: [Holds; 5] =
    [Holds::Start, Holds::Interviewer, Holds::Channel, Holds::SlipCode, Holds::RespondentKey];

/// Columns that are no questions: what each holds, its heading in files that we make, and the bare letters
/// of other headings.
pub(in crate::survey) const FIXED: [(Holds, &str, &[&str]); 12] = [
    (Holds::ResponseId, "response_id", &["responseid", "maphieutraloi"]),
    (Holds::FormNumber, "Số phiếu", &["sophieu", "maphieu", "formnumber"]),
    (Holds::Survey, "Mã khảo sát", &["makhaosat", "survey", "surveycode"]),
    (
        Holds::Commune,
        "Mã xã",
        &["maxa", "cluster", "clustercode", "commune", "madiaban", "maxaphuong"],
    ),
    (
        Holds::Time,
        "Thời điểm trả lời",
        &["thoidiemtraloi", "ngaytraloi", "answeredat", "answertime"],
    ),
    (Holds::Revision, "Lần điều chỉnh", &["landieuchinh", "revision"]),
    (Holds::Retracted, "Rút phiếu", &["rutphieu", "retracted"]),
    (Holds::Start, "Thời điểm bắt đầu", &["thoidiembatdau", "startedat", "starttime"]),
    (Holds::Interviewer, "Mã điều tra viên", &["madieutravien", "interviewer"]),
    (Holds::Channel, "Hình thức trả lời", &["hinhthuctraloi", "channel"]),
    (Holds::SlipCode, "Mã trên phiếu phát", &["matrenphieuphat", "slipcode"]),
    (Holds::RespondentKey, "respondent_key", &["respondentkey", "khoanguoitraloi"]),
];

impl Holds {
    /// Its heading in files that we make; empty for a question.
    pub(in crate::survey) fn heading(self) -> &'static str {
        FIXED.iter().find(|(one, ..)| *one == self).map_or("", |(_, heading, _)| heading)
    }

    /// Whether it says how a response came about, which only some surveys take.
    pub(in crate::survey) fn is_paradata(self) -> bool {
        PARADATA.contains(&self)
    }
}

/// What a survey takes of how a response came about: what its quality rules need, and no more.
pub(super) fn taken(rules: impl Iterator<Item = QualityFlag>) -> Vec<Holds> {
    let mut taken = BTreeSet::new();
    for flag in rules {
        taken.insert(Holds::Channel);
        match flag {
            QualityFlag::SameRespondent => drop(taken.insert(Holds::RespondentKey)),
            QualityFlag::Speeder | QualityFlag::ImpossibleTime => drop(taken.insert(Holds::Start)),
            QualityFlag::CodeReused => drop(taken.insert(Holds::SlipCode)),
            QualityFlag::InterviewerShare => drop(taken.insert(Holds::Interviewer)),
            QualityFlag::StraightLining | QualityFlag::Unspecified => {}
        }
    }
    PARADATA.into_iter().filter(|holds| taken.contains(holds)).collect()
}
