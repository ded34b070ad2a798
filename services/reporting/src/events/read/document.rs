//! Documents that a score cites, and crosswalks, from the contract.

use cchc_core::{Collector, EventId};
use cchc_proto::{
    assignment::v1 as pb,
    convert::{self, optional_date, part},
    registry::events::v1::CrosswalkPublished,
};

use super::version;
use crate::domain::{document::CitedDocument, fact::Fact};

/// What became of the nodes of one edition in another.
pub(super) fn crosswalk(c: &mut Collector, told: CrosswalkPublished) -> Option<Fact> {
    let said = part(c, "crosswalk", told.crosswalk, convert::crosswalk);
    said.map(Box::new).map(Fact::CrosswalkPublished)
}

pub(super) fn cited(c: &mut Collector, told: pb::CitedDocument) -> Option<CitedDocument> {
    // Read like every other id; a document has no type of its own in core.
    let id = c.parse::<EventId>("evidence_id", &told.evidence_id);
    let version = version(c, told.version);
    let date = optional_date(c, "document_date", told.document_date);
    let is_hash = told.sha256.len() == 64 && told.sha256.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hash {
        let english = "must be 64 hexadecimal digits";
        c.refuse("sha256", "SHA256_INVALID", english, "phải gồm 64 chữ số thập lục phân");
    }
    Some(CitedDocument {
        id: id?.as_uuid(),
        version: version?,
        name: told.name,
        number: told.document_number,
        date: date?,
        sha256: Some(told.sha256).filter(|_| is_hash)?,
    })
}
