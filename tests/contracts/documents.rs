//! Samples of scores that cite documents down to their bytes.

use cchc_proto::assignment::{
    events::v1::{AppraisalDecided, AssessmentSubmitted},
    v1::CitedDocument,
};

use crate::samples::{self, day, text};

fn document() -> CitedDocument {
    CitedDocument {
        evidence_id: text("01903f6e-0000-7000-8000-000000000009"),
        version: 2,
        name: text("Báo cáo quý IV.pdf"),
        document_number: text("15/BC-SNV"),
        document_date: day(11, 2),
        sha256: "ab".repeat(32),
    }
}

pub(crate) fn assessment_with_documents() -> AssessmentSubmitted {
    let mut told = samples::assessment_submitted();
    if let Some(assessment) = &mut told.assessment {
        assessment.documents = vec![document()];
    }
    told
}

pub(crate) fn appraisal_with_documents() -> AppraisalDecided {
    let mut told = samples::appraisal_decided();
    if let Some(appraisal) = &mut told.appraisal {
        appraisal.documents = vec![document()];
    }
    told
}
