//! Where publications are made and read: a world whose producers have stored what it heard.

use cchc_core::Role;
use cchc_kit::config::Config;
use cchc_proto::{
    convert::timestamp,
    reporting::v1::{
        GetPublicationRequest, GetPublicationResponse, GetRollupRequest, GetRollupResponse,
        ListPublicationsRequest, ListPublicationsResponse, ListSigningKeysRequest, Publication,
        PublishRollupRequest, RotateSigningKeyRequest, SigningKey, VerifyPublicationRequest,
        VerifyPublicationResponse, WithdrawPublicationRequest,
        publication_service_client::PublicationServiceClient,
    },
};
use cchc_testkit::{Running, request};
use time::OffsetDateTime;
use tonic::{Status, transport::Channel};

use crate::{
    producer::serve,
    province::{PLAN, assignment, registry, survey},
    world::World,
};

pub struct Press {
    pub world: World,
    config: Config,
}

impl Press {
    /// A world that has heard everything in the province.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut producers = Vec::new();
        for (name, facts) in
            [("registry", registry()), ("assignment", assignment()), ("survey", survey())]
        {
            producers.push((name.to_owned(), serve(facts).await));
        }
        let mut kept = None;
        let world = World::with(|config| {
            config.producers.extend(producers);
            change(config);
            kept = Some(config.clone());
        })
        .await;
        world.hear_all().await;
        Self { world, config: kept.unwrap() }
    }

    /// Stops the service, runs statements, and starts it with another configuration.
    pub async fn restart(&mut self, change: impl FnOnce(&mut Config), statements: &'static str) {
        change(&mut self.config);
        let started = cchc_reporting::startup::build;
        sqlx::raw_sql(statements).execute(self.world.pool()).await.unwrap();
        let running = Running::start(started(self.config.clone()).await.unwrap());
        std::mem::replace(&mut self.world.running, running).stop().await;
    }

    pub fn publisher(&self) -> String {
        self.world.bench.token("cong-bo", "22", &[Role::RollupPublisher])
    }

    pub fn viewer(&self) -> String {
        self.world.viewer()
    }

    pub fn operator(&self) -> String {
        self.world.bench.token("operator", "22", &[Role::Operator])
    }

    pub fn client(&self) -> PublicationServiceClient<Channel> {
        PublicationServiceClient::new(self.world.running.channel())
    }

    pub async fn publish(&self, wish: PublishRollupRequest) -> Result<Publication, Status> {
        self.publish_as(&self.publisher(), wish).await
    }

    pub async fn publish_as(
        &self,
        token: &str,
        wish: PublishRollupRequest,
    ) -> Result<Publication, Status> {
        let made = self.client().publish_rollup(request(wish, token)).await?;
        Ok(made.into_inner().publication.unwrap())
    }

    pub async fn get(&self, token: &str, number: i32) -> Result<GetPublicationResponse, Status> {
        let asked = GetPublicationRequest { plan_code: PLAN.to_owned(), number };
        Ok(self.client().get_publication(request(asked, token)).await?.into_inner())
    }

    pub async fn list(
        &self,
        token: &str,
        page_size: i32,
        page_token: String,
    ) -> Result<ListPublicationsResponse, Status> {
        let asked = ListPublicationsRequest { plan_code: PLAN.to_owned(), page_size, page_token };
        Ok(self.client().list_publications(request(asked, token)).await?.into_inner())
    }

    pub async fn verify(&self, number: i32) -> Result<VerifyPublicationResponse, Status> {
        self.verify_as(&self.publisher(), number).await
    }

    pub async fn verify_as(
        &self,
        token: &str,
        number: i32,
    ) -> Result<VerifyPublicationResponse, Status> {
        let asked = VerifyPublicationRequest { plan_code: PLAN.to_owned(), number };
        Ok(self.client().verify_publication(request(asked, token)).await?.into_inner())
    }

    pub async fn withdraw(
        &self,
        request_id: &str,
        number: i32,
        etag: &str,
    ) -> Result<Publication, Status> {
        let asked = WithdrawPublicationRequest {
            request_id: request_id.to_owned(),
            plan_code: PLAN.to_owned(),
            number,
            reason: "nhầm kỳ báo cáo".to_owned(),
            etag: etag.to_owned(),
        };
        let made = self.client().withdraw_publication(request(asked, &self.publisher())).await?;
        Ok(made.into_inner().publication.unwrap())
    }

    pub async fn keys(&self) -> Vec<SigningKey> {
        let asked = request(ListSigningKeysRequest {}, &self.viewer());
        self.client().list_signing_keys(asked).await.unwrap().into_inner().signing_keys
    }

    pub async fn rotate(&self, request_id: &str) -> Result<SigningKey, Status> {
        let asked = RotateSigningKeyRequest { request_id: request_id.to_owned() };
        let made = self.client().rotate_signing_key(request(asked, &self.operator())).await?;
        Ok(made.into_inner().signing_key.unwrap())
    }

    /// What is answered about the rollup, live or as of an instant.
    pub async fn answer(&self, as_of: Option<OffsetDateTime>) -> GetRollupResponse {
        let as_of_time = as_of.map(timestamp);
        let asked = GetRollupRequest { plan_code: PLAN.to_owned(), as_of_time };
        let reply = self.world.client().get_rollup(request(asked, &self.viewer())).await;
        reply.unwrap().into_inner()
    }

    /// The publication that the live rollup is; 0 for none.
    pub async fn cited(&self) -> i32 {
        self.answer(None).await.publication_number
    }
}
