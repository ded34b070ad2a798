//! How far units are with their tasks, one task and unit a row.

use std::future::Future;

use cchc_proto::{
    assignment::v1::{PushProgressRequest, assignment_service_client::AssignmentServiceClient},
    common::v1::Receipt,
};
use tonic::Status;

use super::{Column, Pushed, Record, Row, Rows};
use crate::connect::{DELIVERY, Server};

impl Record for PushProgressRequest {
    const WORD: &'static str = "progress";
    const COLUMNS: &'static [Column] = &[
        Column::required("plan").called("Mã kế hoạch", "plan_code"),
        Column::required("task").called("Số nhiệm vụ", "task_number"),
        Column::aside("Tên nhiệm vụ"),
        Column::required("unit").called("Mã đơn vị", "unit_code"),
        Column::aside("Hạn hoàn thành"),
        Column::aside("Đã báo cáo"),
        Column::required("percent").called("Tỷ lệ hoàn thành (%)", "percent_done"),
        Column::optional("done_date").called("Ngày hoàn thành", "done_date"),
        Column::optional("note").called("Kết quả thực hiện", "note"),
        Column::optional("request_id"),
    ];

    fn read(row: &mut Row<'_>) -> Self {
        Self {
            request_id: String::new(),
            plan_code: row.required("plan"),
            task_number: row.numbering("task"),
            unit_code: row.required("unit"),
            percent_done: row.whole("percent"),
            done_date: row.day("done_date"),
            note: row.text("note"),
        }
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.request_id
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit_code)
    }
}

impl Pushed for PushProgressRequest {
    fn send(
        server: &Server,
        rows: Rows<Self>,
    ) -> impl Future<Output = Result<Receipt, Status>> + Send {
        let request = server.request(rows, DELIVERY);
        let mut client = AssignmentServiceClient::new(server.channel());
        async move { Ok(client.push_progress(request).await?.into_inner().receipt.unwrap_or_default()) }
    }
}
