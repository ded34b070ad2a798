//! The service on its bench, and somebody who asks it.

use cchc_core::Role;
use cchc_kit::{config::Config, db::Db};
use cchc_proto::{
    convert,
    reporting::v1::{
        CompareRollupsRequest, ExplainScoreRequest, Explanation, GetRollupRequest, Movement,
        NodeRollup, Rollup, rollup_service_client::RollupServiceClient,
    },
    source::v1::Event,
};
use cchc_testkit::{Bench, Running, feed, request};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tonic::{Status, transport::Channel};

use crate::province::PLAN;

pub struct World {
    pub bench: Bench,
    pub running: Running,
    db: Db,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let bench = Bench::new("reporting").await;
        let mut config = bench.config();
        change(&mut config);
        let running = Running::start(cchc_reporting::startup::build(config).await.unwrap());
        let db = Db::from_pool(bench.pool().await);
        Self { bench, running, db }
    }

    /// A world that has heard everything in the province.
    pub async fn full() -> Self {
        let world = Self::new().await;
        world.hear_all().await;
        world
    }

    pub async fn hear_all(&self) {
        self.hear("registry", crate::province::registry()).await;
        self.hear("assignment", crate::province::assignment()).await;
        self.hear("survey", crate::province::survey()).await;
    }

    /// Applies events as another replica would.
    pub async fn hear(&self, producer: &str, events: Vec<Event>) {
        let hearing = cchc_reporting::startup::hearing(&self.db);
        feed(&self.db, hearing.as_ref(), producer, events).await;
    }

    pub fn pool(&self) -> &sqlx::PgPool {
        self.db.pool()
    }

    pub fn client(&self) -> RollupServiceClient<Channel> {
        RollupServiceClient::new(self.running.channel())
    }

    /// A token of somebody in the province.
    pub fn viewer(&self) -> String {
        self.bench.token("viewer", "22", &[Role::RollupViewer])
    }

    pub async fn get(&self, token: &str, plan: &str) -> Result<Rollup, Status> {
        let asked = GetRollupRequest { plan_code: plan.to_owned(), as_of_time: None };
        let asked = request(asked, token);
        Ok(self.client().get_rollup(asked).await?.into_inner().rollup.unwrap())
    }

    /// The rollup of the province as of an instant.
    pub async fn as_of(&self, instant: OffsetDateTime) -> Result<Rollup, Status> {
        let as_of_time = Some(convert::timestamp(instant));
        let asked = GetRollupRequest { plan_code: PLAN.to_owned(), as_of_time };
        let reply = self.client().get_rollup(request(asked, &self.viewer())).await?;
        Ok(reply.into_inner().rollup.unwrap())
    }

    pub async fn rollup(&self) -> Rollup {
        self.get(&self.viewer(), PLAN).await.unwrap()
    }

    pub async fn node(&self, id: &str) -> NodeRollup {
        let nodes = self.rollup().await.indices.into_iter().flat_map(|index| index.nodes);
        nodes.into_iter().find(|node| node.node_id == id).unwrap()
    }

    pub async fn explain(&self, node: &str) -> Result<Explanation, Status> {
        self.explain_as_of(node, None).await
    }

    /// Explains a node as of an instant; nothing for now.
    pub async fn explain_as_of(
        &self,
        node: &str,
        instant: Option<OffsetDateTime>,
    ) -> Result<Explanation, Status> {
        let asked = ExplainScoreRequest {
            plan_code: PLAN.to_owned(),
            node_id: node.to_owned(),
            as_of_time: instant.map(convert::timestamp),
        };
        let reply = self.client().explain_score(request(asked, &self.viewer())).await?;
        Ok(reply.into_inner().explanation.unwrap())
    }

    pub async fn compare(&self, asked: CompareRollupsRequest) -> Result<Movement, Status> {
        let reply = self.client().compare_rollups(request(asked, &self.viewer())).await?;
        Ok(reply.into_inner().movement.unwrap())
    }

    /// Asks for a page as a browser would.
    pub async fn browse(&self, path: &str, token: &str) -> String {
        let host = self.running.http_addr;
        let mut stream = TcpStream::connect(host).await.unwrap();
        let ask = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: cchc_token={token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }
}
