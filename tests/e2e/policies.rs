//! Every method of every contract, without a token and with the wrong role: refused, all of them.

use cchc_core::Role;
use cchc_kit::policy::Policies;
use cchc_testkit::assert_refused;
use harness::World;
use tonic::{
    Code, Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel,
};
use tonic_prost::ProstCodec;

/// Calls a method with an empty message, whatever it takes.
async fn call(channel: Channel, path: &str, token: Option<&str>) -> Result<(), Status> {
    let mut client = Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut request = Request::new(tokio_stream::iter([()]));
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    let path: PathAndQuery = path.parse().unwrap();
    let codec = ProstCodec::<(), ()>::default();
    let mut replies = client.streaming(request, path, codec).await?.into_inner();
    replies.message().await.map(|_| ())
}

/// Which services serve a method: those of `source` are served by several.
fn served_by(path: &str) -> Vec<&'static str> {
    if path.starts_with("/cchc.source.v1.SourceService") {
        vec!["registry", "assignment", "survey"]
    } else if path.starts_with("/cchc.source.v1.InboxService") {
        vec!["assignment", "survey", "reporting"]
    } else {
        ["registry", "assignment", "survey", "reporting"]
            .into_iter()
            .filter(|service| path.starts_with(&format!("/cchc.{service}.v1.")))
            .collect()
    }
}

#[tokio::test]
async fn every_method_refuses_strangers_and_wrong_roles() {
    let world = World::start().await;
    let policies = Policies::load().unwrap();
    let mut walked = 0;

    for (path, policy) in policies.iter() {
        let services = served_by(path);
        assert!(!services.is_empty(), "{path} is served by nobody");
        let wrong = Role::ALL.into_iter().find(|role| !policy.roles.contains(role)).unwrap();
        let token = world.people.token("nguoi-sai-vai", "22", &[wrong]);
        for service in services {
            let stranger = call(world.channel(service), path, None).await.unwrap_err();
            let nonsense = call(world.channel(service), path, Some("x.y.z")).await.unwrap_err();
            let other_role = call(world.channel(service), path, Some(&token)).await.unwrap_err();

            assert_refused(&stranger, Code::Unauthenticated, "UNAUTHENTICATED");
            assert_refused(&nonsense, Code::Unauthenticated, "UNAUTHENTICATED");
            assert_refused(&other_role, Code::PermissionDenied, "ROLE_MISSING");
            walked += 1;
        }
    }

    assert!(walked >= 30, "only {walked} methods were walked");
}
