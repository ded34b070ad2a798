//! Refused rows as they are kept.

use cchc_proto::survey::v1::IngestResponsesRequest;
use prost::Message as _;

use crate::domain::paradata::RespondentKey;

/// Reads who answered out of a refused row; nothing where it does not say.
pub(crate) fn respondent_of(received: &[u8]) -> Option<RespondentKey> {
    let row = IngestResponsesRequest::decode(received).ok()?;
    RespondentKey::new(&row.respondent_key)
}
