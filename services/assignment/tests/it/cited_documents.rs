//! From an appraised score to the bytes it rests on: what is told names each document with its hash, and who
//! downloads that version and hashes it again finds the same.

use cchc_proto::assignment::{
    events::v1::{AppraisalDecided, AssessmentSubmitted},
    v1::{AttachEvidenceRequest, CitedDocument},
};
use cchc_testkit::request;
use time::macros::date;

use crate::{
    evidence::{client, fetch_version, metadata, sha256, upload, with_folder},
    hall::{AGAIN, APPRAISING, EXPLAINING, Hall, SCORING, explain, judge, score},
    reports::exported_facts,
    sample::{day, id},
};

/// What the newest self-assessment and appraisal of the province's node cite.
async fn cited(hall: &Hall) -> (Vec<CitedDocument>, Vec<CitedDocument>) {
    let assessed: Vec<AssessmentSubmitted> = exported_facts(&hall.desk).await;
    let decided: Vec<AppraisalDecided> = exported_facts(&hall.desk).await;
    let [assessed] = assessed.try_into().unwrap();
    let [decided] = decided.try_into().unwrap();
    (assessed.assessment.unwrap().documents, decided.appraisal.unwrap().documents)
}

#[tokio::test]
async fn an_appraised_score_is_told_with_its_documents_down_to_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut hall = Hall::open().await;
    hall.desk.restart_with(with_folder(folder.path())).await;
    let (unit, province) = (hall.reporter("22-SNV"), hall.appraiser("22"));
    hall.at(SCORING);
    hall.step(score("22-SNV", "1", "", "9"), &unit).await.unwrap();
    let of_unit =
        |chunks| crate::evidence::Metadata { unit_code: "22-SNV".to_owned(), ..metadata(chunks) };
    let running = hall.desk.running();
    let stored = upload(running, of_unit(1), 0..1, &unit).await.unwrap();
    let attach = AttachEvidenceRequest {
        request_id: id(),
        evidence_id: stored.evidence_id.clone(),
        campaign_code: "CCHC-2018".to_owned(),
        unit_code: "22-SNV".to_owned(),
        node_id: "PAR-2018/1".to_owned(),
    };
    client(running).attach_evidence(request(attach, &unit)).await.unwrap();

    hall.at(APPRAISING);
    hall.judge(judge("22-SNV", "1", "1", "8", "NO-EVIDENCE"), &province).await.unwrap();
    let first = cited(&hall).await;
    hall.at(EXPLAINING);
    let next = crate::evidence::Metadata {
        evidence_id: stored.evidence_id.clone(),
        present_version: 1,
        ..of_unit(2)
    };
    upload(running, next, 0..2, &unit).await.unwrap();
    hall.step(explain("22-SNV", "1", "2"), &unit).await.unwrap();
    let between = cited(&hall).await;
    hall.at(AGAIN);
    hall.judge(judge("22-SNV", "1", "3", "9", ""), &province).await.unwrap();
    let second = cited(&hall).await;

    let version = |version: i64, chunks| CitedDocument {
        evidence_id: stored.evidence_id.clone(),
        version,
        name: "Báo cáo quý IV.pdf".to_owned(),
        document_number: "15/BC-UBND".to_owned(),
        document_date: Some(day(date!(2018 - 11 - 02))),
        sha256: sha256(chunks),
    };
    assert_eq!(first, (vec![version(1, 1)], vec![version(1, 1)]));
    assert_eq!(between, first, "what was decided cites what was seen then");
    assert_eq!(second, (vec![version(2, 2)], vec![version(2, 2)]));
    for cited in [&first.0[0], &second.1[0]] {
        let (_, hash) =
            fetch_version(running, &cited.evidence_id, cited.version, &unit).await.unwrap();
        assert_eq!(hash, cited.sha256, "the chain ends at bytes");
    }
    hall.desk.close().await;
}
