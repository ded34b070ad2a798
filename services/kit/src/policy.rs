//! Who may call what: read from the options on the methods of the contracts, so that the policy
//! stands where an agency's developer reads it and cannot differ from what is enforced.

use std::{collections::HashMap, sync::Arc};

use cchc_core::Role;
use cchc_proto::policy::v1::policy::Scope;
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, Value};

/// Full name of the option.
const OPTION: &str = "cchc.policy.v1.policy";

/// Who may call one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Any of these roles.
    pub roles: Vec<Role>,
    /// Which units the caller reaches.
    pub scope: Scope,
    /// Whether it may take as long as a client's stream.
    pub is_long: bool,
    /// Whether the client streams its request.
    pub is_client_stream: bool,
    /// Whether the server streams its answer.
    pub is_server_stream: bool,
}

/// The policies of all methods, by path such as `/cchc.registry.v1.PlanService/LoadPlan`.
#[derive(Debug, Clone)]
pub struct Policies(Arc<HashMap<String, Policy>>);

/// The contracts do not say who may call a method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The descriptors compiled in cannot be read.
    #[error("the contracts cannot be read: {0}")]
    Unreadable(String),
    /// A method declares no policy, no role or no scope.
    #[error("{0} declares no policy")]
    Missing(String),
    /// A method names a role that does not exist.
    #[error("{method} names the unknown role {role:?}")]
    UnknownRole {
        /// The method.
        method: String,
        /// What it names.
        role: String,
    },
}

impl Policies {
    /// Reads the policies of every method of the contracts; fails if one has none.
    pub fn load() -> Result<Self, PolicyError> {
        Self::read(cchc_proto::FILE_DESCRIPTOR_SET)
    }

    fn read(descriptors: &[u8]) -> Result<Self, PolicyError> {
        let pool = DescriptorPool::decode(descriptors)
            .map_err(|error| PolicyError::Unreadable(error.to_string()))?;
        let mut policies = HashMap::new();
        for service in pool.services().filter(|s| s.full_name().starts_with("cchc.")) {
            for method in service.methods() {
                let path = format!("/{}/{}", service.full_name(), method.name());
                policies.insert(path, policy_of(&pool, &method)?);
            }
        }
        Ok(Self(Arc::new(policies)))
    }

    /// Who may call a method; nothing for methods that are not ours.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Policy> {
        self.0.get(path)
    }

    /// Every method's path and policy.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Policy)> {
        self.0.iter().map(|(path, policy)| (path.as_str(), policy))
    }
}

fn policy_of(pool: &DescriptorPool, method: &MethodDescriptor) -> Result<Policy, PolicyError> {
    let missing = || PolicyError::Missing(method.full_name().to_owned());
    let option = pool.get_extension_by_name(OPTION).ok_or_else(missing)?;
    let options: DynamicMessage = method.options();
    if !options.has_extension(&option) {
        return Err(missing());
    }
    let value = options.get_extension(&option);
    let Value::Message(message) = value.as_ref() else { return Err(missing()) };
    let declared = cchc_proto::policy::v1::Policy::decode(message.encode_to_vec().as_slice())
        .map_err(|error| PolicyError::Unreadable(error.to_string()))?;
    if declared.roles.is_empty() || declared.scope() == Scope::Unspecified {
        return Err(missing());
    }
    let roles = declared
        .roles
        .iter()
        .map(|role| {
            role.parse().map_err(|_| PolicyError::UnknownRole {
                method: method.full_name().to_owned(),
                role: role.clone(),
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(Policy {
        roles,
        scope: declared.scope(),
        is_long: declared.is_long,
        is_client_stream: method.is_client_streaming(),
        is_server_stream: method.is_server_streaming(),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    #[test]
    fn every_method_of_the_contracts_declares_who_may_call_it() {
        let policies = Policies::load().unwrap();

        let push = policies.get("/cchc.assignment.v1.MeasurementService/PushMeasurements").unwrap();
        assert_eq!(push.roles, [Role::AgencyReporter]);
        assert_eq!(push.scope, Scope::Subtree);
        assert!(push.is_client_stream && !push.is_server_stream);
    }

    #[test]
    fn a_method_without_a_policy_stops_the_start() {
        let mut set =
            prost_types::FileDescriptorSet::decode(cchc_proto::FILE_DESCRIPTOR_SET).unwrap();
        // prost's own types drop the options they do not know: every method is without a policy now.
        set.file.retain(|file| {
            file.package().starts_with("cchc.") || file.package() == "google.protobuf"
        });

        let refusal = Policies::read(&set.encode_to_vec()).unwrap_err();

        assert!(matches!(refusal, PolicyError::Missing(_)), "{refusal:?}");
    }
}
