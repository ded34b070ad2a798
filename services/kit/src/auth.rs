//! Identity: a bearer token (JWT, EdDSA) becomes an [`Actor`]. One algorithm, one issuer, one
//! audience; anything else is refused with the same words, so that a forger learns nothing.

mod ed25519;
pub(crate) mod keys;
mod remembered;

use std::{collections::BTreeSet, sync::Arc};

use cchc_core::{Actor, Role, UnitCode};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

pub use keys::{KeyError, KeyPair};

use remembered::Remembered;

const ISSUER: &str = "cchc";
const AUDIENCE: &str = "cchc";
/// Clocks of agency systems may be off by this many seconds.
const LEEWAY: i64 = 30;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    unit: String,
    roles: Vec<String>,
    iat: i64,
    exp: i64,
}

/// Verifies tokens.
#[derive(Clone)]
pub struct Verifier {
    key: Arc<DecodingKey>,
    validation: Arc<Validation>,
    remembered: Arc<Remembered>,
}

/// The token is not one of ours, is over, or names what does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token is missing, over or not valid")]
pub struct NotAuthenticated;

impl Verifier {
    /// Takes the public key (PEM).
    pub fn new(public_key: &str) -> Result<Self, KeyError> {
        ed25519::install();
        let key =
            DecodingKey::from_ed_pem(public_key.as_bytes()).map_err(|_| KeyError::NotEd25519)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = LEEWAY.unsigned_abs();
        Ok(Self {
            key: Arc::new(key),
            validation: Arc::new(validation),
            remembered: Arc::default(),
        })
    }

    /// Reads who acts from a token.
    pub fn verify(&self, token: &str) -> Result<Arc<Actor>, NotAuthenticated> {
        if let Some(actor) = self.remembered.find(token, OffsetDateTime::now_utc().unix_timestamp())
        {
            return Ok(actor);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation)
            .map_err(|_| NotAuthenticated)?
            .claims;
        let unit: UnitCode = claims.unit.parse().map_err(|_| NotAuthenticated)?;
        let roles: BTreeSet<Role> = claims
            .roles
            .iter()
            .map(|r| r.parse())
            .collect::<Result<_, _>>()
            .map_err(|_| NotAuthenticated)?;
        if claims.sub.is_empty() || claims.sub.chars().count() > 128 {
            return Err(NotAuthenticated);
        }
        let actor = Arc::new(Actor { subject: claims.sub, unit, roles });
        self.remembered.keep(token, &actor, claims.exp.saturating_add(LEEWAY));
        Ok(actor)
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

/// Issues tokens; operators and tests only, never a service.
pub struct Issuer {
    key: EncodingKey,
}

impl Issuer {
    /// Takes the private key (PEM).
    pub fn new(private_key: &str) -> Result<Self, KeyError> {
        ed25519::install();
        let key =
            EncodingKey::from_ed_pem(private_key.as_bytes()).map_err(|_| KeyError::NotEd25519)?;
        Ok(Self { key })
    }

    /// Issues a token for an actor.
    pub fn issue(
        &self,
        actor: &Actor,
        now: OffsetDateTime,
        lifetime: Duration,
    ) -> Result<String, KeyError> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.subject.clone(),
            unit: actor.unit.to_string(),
            roles: actor.roles.iter().map(ToString::to_string).collect(),
            iat: now.unix_timestamp(),
            exp: (now + lifetime).unix_timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)
            .map_err(|_| KeyError::NotEd25519)
    }
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;

    fn actor() -> Actor {
        Actor {
            subject: "may-mot-cua-ha-long".to_owned(),
            unit: "193".parse().unwrap(),
            roles: [Role::AgencyReporter].into(),
        }
    }

    #[test]
    fn a_token_names_its_actor_until_it_is_over() {
        let keys = KeyPair::generate().unwrap();
        let (issuer, verifier) =
            (Issuer::new(&keys.private).unwrap(), Verifier::new(&keys.public).unwrap());
        let now = OffsetDateTime::now_utc();

        let fresh = issuer.issue(&actor(), now, Duration::hours(1)).unwrap();
        let over = issuer.issue(&actor(), now - Duration::hours(2), Duration::hours(1)).unwrap();

        // Twice, since the second look is at what is remembered.
        for _ in 0..2 {
            assert_eq!(verifier.verify(&fresh), Ok(Arc::new(actor())));
        }
        assert_eq!(verifier.verify(&over), Err(NotAuthenticated));
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_is_refused() {
        let (ours, theirs) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let verifier = Verifier::new(&ours.public).unwrap();
        let now = OffsetDateTime::now_utc();
        let foreign =
            Issuer::new(&theirs.private).unwrap().issue(&actor(), now, Duration::hours(1)).unwrap();
        // {"alg":"none","typ":"JWT"} in front of our claims, without a signature.
        let body = foreign.split('.').nth(1).unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.");

        for token in [foreign.as_str(), &unsigned, "", "x.y.z"] {
            assert_eq!(verifier.verify(token), Err(NotAuthenticated), "{token}");
        }
    }
}
