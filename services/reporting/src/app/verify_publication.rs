//! Verifies a publication: its signature, and its bytes against a recomputation from the producers' facts.

use cchc_core::PlanCode;
use cchc_kit::signing::PublicKey;

use super::{App, Opened, PublicationError};
use crate::{
    domain::publication::{Publication, Reader, Revision, revisions, stated},
    events::frozen,
};

/// What was found.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) publication: Publication,
    pub(crate) is_signature_valid: bool,
    /// Whether the recomputation gives the very bytes that were signed.
    pub(crate) is_reproduced: bool,
    pub(crate) recomputed_checksum: String,
    /// Whether what is kept beside the bytes, to list it by, is what was signed.
    pub(crate) is_record_signed: bool,
    /// Facts read from the producers.
    pub(crate) facts: i64,
    /// Nodes that come out otherwise.
    pub(crate) differences: Vec<Revision>,
}

impl App {
    /// Verifies a publication for a reader.
    #[tracing::instrument(name = "app.publication.verify", skip_all, fields(plan.code = %plan, number))]
    pub(crate) async fn verify_publication(
        &self,
        (plan, number): (&PlanCode, i32),
        reader: Reader,
    ) -> Result<Proof, PublicationError> {
        let opened = self.open_publication((plan, number), reader).await?;
        let Opened { publication, signed, frozen } = opened;
        let key = PublicKey::from_bytes(&signed.public_key)?;
        let is_signature_valid = key.id() == publication.act.key_id
            && key.has_signed(&signed.content, &signed.signature);
        let (rollup, facts) = self.frozen_again(plan, frozen.moment, frozen.watermarks).await?;
        let is_reproduced = frozen::write(&frozen.act, &rollup) == signed.content;
        let is_record_signed =
            frozen.act == publication.act && frozen.checksum == publication.rollup_checksum;
        if !(is_signature_valid && is_reproduced && is_record_signed) {
            tracing::error!(
                is_signature_valid,
                is_reproduced,
                is_record_signed,
                "a publication does not verify"
            );
        }
        Ok(Proof {
            publication,
            is_signature_valid,
            is_reproduced,
            is_record_signed,
            facts,
            differences: revisions(&frozen.nodes, &stated(&rollup)),
            recomputed_checksum: rollup.checksum,
        })
    }
}
