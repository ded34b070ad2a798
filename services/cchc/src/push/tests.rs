//! Files as offices send them, and what becomes of them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    sync::{Arc, Mutex},
};

use cchc_proto::{
    assignment::v1::{
        BatchPushMeasurementsRequest, BatchPushMeasurementsResponse,
        ListExpectedMeasurementsRequest, ListExpectedMeasurementsResponse, ListMeasurementsRequest,
        ListMeasurementsResponse, PushMeasurementsResponse,
        measurement_service_server::{MeasurementService, MeasurementServiceServer},
    },
    common::v1::receipt,
    survey::v1::ingest_responses_request::Channel,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Streaming};

use super::*;
use crate::{output::Memory, say::Lang};

fn read_text<R: Record>(text: &str, selection: &Selection) -> Result<Read<R>, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    fs::write(&path, text).unwrap();
    let root = format!("{}/", folder.path().display());
    read::<R>(&path, selection).map_err(|problems| {
        problems.iter().map(|problem| problem.say(Lang::En).replace(&root, "")).collect()
    })
}

fn measurements(text: &str) -> Result<Vec<PushMeasurementsRequest>, Vec<String>> {
    read_text(text, &Selection::default()).map(|read| read.rows)
}

#[test]
fn a_file_is_the_same_rows_whatever_office_program_wrote_it() {
    let plain = "unit,variable,period,numerator,denominator,evidence\n\
                 193,COMMUNE-OFFICIALS,2018,88,100,Báo cáo số 5\n";
    let exported = "\u{feff}period; Unit ;variable;denominator;numerator;evidence\r\n\
                    2018;193;COMMUNE-OFFICIALS;100.0;88.00;Ba\u{301}o ca\u{301}o so\u{302}\u{301} 5\r\n";

    let rows = measurements(plain).unwrap();

    assert_eq!(measurements(exported).unwrap(), rows);
    assert_eq!(rows[0].numerator.as_ref().unwrap().value, "88");
    assert_eq!(rows[0].evidence, "Báo cáo số 5");
}

#[test]
fn a_row_is_named_by_its_content_and_its_delivery_unless_the_file_names_it() {
    let header = "unit,variable,period,numerator,denominator,request_id\n";
    let id = |row: &str, batch: &str| {
        let selection = Selection { unit: None, batch: batch.to_owned() };
        let read = read_text::<PushMeasurementsRequest>(&format!("{header}{row}\n"), &selection);
        read.unwrap().rows[0].request_id.clone()
    };

    let first = id("193,V,2018,1,2,", "");

    assert_eq!(id("193,V,2018,1.0,2,", ""), first);
    assert_ne!(id("193,V,2018,2,2,", ""), first);
    assert_ne!(id("193,V,2018,1,2,", "tháng 7"), first);
    assert_eq!(id("193,V,2018,1,2,abc", ""), "abc");
    assert_eq!(Uuid::parse_str(&first).unwrap().get_version_num(), 5);
}

#[test]
fn everything_unreadable_is_told_at_its_line_and_nothing_is_sent() {
    let problems = measurements(
        "unit,variable,period,numerator,denominator,retracted\n\
         193,V,2018,\"12,5\",1.234,\n\
         ,V,2018,1,2,maybe\n\
         193,V,2018,1\n",
    )
    .unwrap_err();

    assert_eq!(
        problems,
        [
            "f.csv:2: numerator: \"12,5\" reads two ways: write 12.5 (with a fraction) or 125 (whole)",
            "f.csv:2: denominator: \"1.234\" reads two ways: write 1.2340 (with a fraction) or 1234 (whole)",
            "f.csv:3: unit: must not be empty",
            "f.csv:3: retracted: \"maybe\" must be 1 (yes) or 0 (no)",
            "f.csv:4: has 4 cells where the header has 6: put cells with a separator in quotes",
        ]
    );
}

#[test]
fn a_header_is_answered_with_what_is_missing_and_what_is_not_known() {
    let problems = measurements("unit,variable,period,numerator,phone\n").unwrap_err();

    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("f.csv:1: phone: there is no such column; there are: unit,"));
    assert_eq!(problems[1], "f.csv:1: denominator: the column is missing");
}

#[test]
fn only_the_rows_of_a_unit_are_taken_and_keep_their_lines() {
    let text = "unit,variable,period,numerator,denominator\n\
                193,V,2018,1,2\n194,V,2018,1,2\n193,W,2018,1,2\n";
    let of = |unit: &str| Selection { unit: Some(unit.to_owned()), batch: String::new() };

    let taken = read_text::<PushMeasurementsRequest>(text, &of("193")).unwrap();

    assert_eq!(taken.lines, [2, 4]);
    let appraisals = "plan,node,assessment_version,points\nQN-2018,PAR-2018/3,1,14\n";
    let refused = read_text::<PushAppraisalsRequest>(appraisals, &of("193")).unwrap_err();
    assert!(refused.concat().contains("name no unit"));
}

#[test]
fn answers_come_in_the_order_of_the_columns_and_times_are_those_of_viet_nam() {
    let text = "response_id,survey,cluster,answered_at,Q00,Q11,Q12\n\
                0190a5c8-6f6e-7c3a-9d8e-1f2a3b4c5d6e,S,06691,2018-10-05 08:30,5,,4\n\
                0190a5c8-6f6e-7c3a-9d8e-1f2a3b4c5d6f,S,06691,2018-10-05T01:30:00Z,0,1,2\n";

    let read = read_text::<IngestResponsesRequest>(text, &Selection::default()).unwrap();

    let answers: Vec<_> = read.rows.iter().map(|row| row.answers.clone()).collect();
    assert_eq!(answers, [[5, 0, 4], [0, 1, 2]]);
    assert_eq!(read.rows[0].answer_time, read.rows[1].answer_time);
}

#[test]
fn numbers_words_and_how_a_response_came_about_stand_in_columns_of_their_own() {
    let text = "response_id,survey,cluster,answered_at,Q1,Q2,Q2.number,Q3.text,started_at,interviewer,channel,\
                slip_code,respondent_key,revision,retracted\n\
                a,S,06691,2018-10-05 08:30,5,,125,Chờ lâu,2018-10-05 08:12,DTV-07,qr,HK-0412,00ffA1,,\n\
                b,S,06691,2018-10-05 08:30,5,-1,,,,,Phiếu giấy,,,,\n\
                c,S,06691,2018-10-05 08:30,5,,7,Xa,,DTV-07,qr,,00ff,1,1\n";

    let read = read_text::<IngestResponsesRequest>(text, &Selection::default()).unwrap().rows;
    let wrong = text.replace("125", "12.5").replace("qr", "thư").replace("00ff", "0912345678-");
    let wrong = read_text::<IngestResponsesRequest>(&wrong, &Selection::default()).unwrap_err();
    let twice = text.replace("Q3.text", "Q2.number");
    let twice = read_text::<IngestResponsesRequest>(&twice, &Selection::default()).unwrap_err();

    let answers: Vec<_> = read.iter().map(|row| row.answers.clone()).collect();
    assert_eq!(answers, [vec![5, 1, 1], vec![5, -1, 0], vec![]]);
    let first = &read[0];
    assert_eq!((&first.numbers[..], &first.texts[..]), (&[125][..], &["Chờ lâu".to_owned()][..]));
    assert_eq!(
        (first.channel(), first.respondent_key.as_slice()),
        (Channel::Qr, &[0, 255, 161][..])
    );
    assert_eq!((first.interviewer.as_str(), first.slip_code.as_str()), ("DTV-07", "HK-0412"));
    let seconds = |at: &Option<prost_types::Timestamp>| at.as_ref().unwrap().seconds;
    assert_eq!(seconds(&first.answer_time) - seconds(&first.start_time), 18 * 60);
    assert_eq!((read[1].channel(), read[1].start_time), (Channel::Paper, None));
    let taken_back = &read[2];
    assert!(taken_back.numbers.is_empty() && taken_back.texts.is_empty());
    assert_eq!((taken_back.channel(), taken_back.respondent_key.len()), (Channel::Unspecified, 0));
    assert!(wrong[0].starts_with("f.csv:2: Q2.number: \"12.5\" must be whole"), "{wrong:?}");
    assert!(wrong.iter().any(|said| said.contains("channel: \"thư\" is no channel")), "{wrong:?}");
    assert!(wrong.iter().all(|said| !said.contains("0912345678")), "{wrong:?}");
    assert!(wrong.iter().any(|said| said.contains("must be hexadecimal digits")), "{wrong:?}");
    assert_eq!(twice, ["f.csv:1: Q2.number: the column stands twice"]);
}

#[test]
fn days_and_lists_are_read_as_offices_write_them() {
    let progress = "plan,task,unit,percent,done_date\n\
                    QN-2018,10.4,22-SNV,100,14/6/2018\nQN-2018,10.4,22-SNV,100,2018-06-14\n";
    let assessments = "plan,node,unit,points,evidence\n\
                       QN-2018,PAR-2018/3,22-SNV,14.5,QĐ 1/QĐ-UBND | KH 2/KH-UBND |\n";

    let progress = read_text::<PushProgressRequest>(progress, &Selection::default()).unwrap().rows;
    let assessed =
        read_text::<PushAssessmentsRequest>(assessments, &Selection::default()).unwrap().rows;

    assert_eq!(progress[0], progress[1]);
    assert_eq!(assessed[0].evidence, ["QĐ 1/QĐ-UBND", "KH 2/KH-UBND"]);
}

/// Stands for a service that is away so many times, and then refuses the second row.
#[derive(Clone, Default)]
struct Sometimes {
    away: Arc<AtomicUsize>,
    heard: Arc<Mutex<Vec<String>>>,
}

#[tonic::async_trait]
impl MeasurementService for Sometimes {
    async fn push_measurements(
        &self,
        request: Request<Streaming<PushMeasurementsRequest>>,
    ) -> Result<Response<PushMeasurementsResponse>, Status> {
        let mut rows = request.into_inner();
        let mut ids = Vec::new();
        while let Some(row) = rows.message().await? {
            ids.push(row.request_id);
        }
        self.heard.lock().unwrap().extend(ids.iter().cloned());
        let left = self.away.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        if left.is_ok() {
            return Err(Status::unavailable("starting"));
        }
        let violation = receipt::Violation {
            path: "numerator".to_owned(),
            reason: "NUMERATOR_ABOVE_DENOMINATOR".to_owned(),
            message: "is above the denominator".to_owned(),
            message_vi: "tử số lớn hơn mẫu số".to_owned(),
        };
        let refusal = receipt::Refusal {
            row_number: 2,
            request_id: ids[1].clone(),
            violations: vec![violation],
        };
        let receipt = Receipt {
            receipt_id: "r-1".to_owned(),
            row_count: 2,
            accepted_count: 1,
            refused_count: 1,
            refusals: vec![refusal],
            ..Receipt::default()
        };
        Ok(Response::new(PushMeasurementsResponse { receipt: Some(receipt) }))
    }

    async fn batch_push_measurements(
        &self,
        _: Request<BatchPushMeasurementsRequest>,
    ) -> Result<Response<BatchPushMeasurementsResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn list_expected_measurements(
        &self,
        _: Request<ListExpectedMeasurementsRequest>,
    ) -> Result<Response<ListExpectedMeasurementsResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn list_measurements(
        &self,
        _: Request<ListMeasurementsRequest>,
    ) -> Result<Response<ListMeasurementsResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }
}

#[tokio::test]
async fn a_service_that_was_away_gets_everything_again_and_its_refusals_are_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let service = Sometimes { away: Arc::new(AtomicUsize::new(1)), ..Sometimes::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}", listener.local_addr().unwrap());
    let serving = tonic::transport::Server::builder()
        .add_service(MeasurementServiceServer::new(service.clone()))
        .serve_with_incoming(TcpListenerStream::new(listener));
    let serving = tokio::spawn(serving);
    let (file, token_file) = (folder.path().join("m.csv"), folder.path().join("token"));
    let text = "unit,variable,period,numerator,denominator\n\n193,V,2018,1,2\n193,W,2018,3,2\n";
    fs::write(&file, text).unwrap();
    fs::write(&token_file, "t").unwrap();
    let memory = Memory::default();
    let token = TokenFile { token_file };
    let delivery = Delivery { file, to, token, unit: None, batch: String::new() };
    let arguments = Arguments { command: Command::Measurements(delivery) };

    let ended = run(arguments, &Output::to(Lang::Vi, false, memory.clone())).await.unwrap();

    serving.abort();
    let said = memory.text();
    assert_eq!(ended, ExitCode::from(ROWS_REFUSED));
    assert!(said.contains("2 dòng: 1 mới") && said.contains("1 bị từ chối"), "{said}");
    assert!(said.contains("   4   numerator") && said.contains("tử số lớn hơn mẫu số"), "{said}");
    let heard = service.heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 4);
    assert_eq!(heard[..2], heard[2..]);
}

#[test]
fn reports_are_filed_and_withdrawn_by_rows_of_one_file() {
    let text = "plan;period;unit;document_number;document_date;withdrawn;note\n\
                QN-2018;2018-6M;193;15/BC-UBND;14/6/2018;;\n\
                QN-2018;2018-6M;194;;;1;Gửi nhầm\n";

    let rows = read_text::<PushReportsRequest>(text, &Selection::default()).unwrap().rows;

    let day = rows[0].document_date.unwrap();
    assert_eq!((day.year, day.month, day.day), (2018, 6, 14));
    assert_eq!((rows[0].is_withdrawn, rows[1].is_withdrawn), (false, true));
    assert_eq!((rows[1].document_date, rows[1].note.as_str()), (None, "Gửi nhầm"));
}
