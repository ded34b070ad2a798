//! How a response came about, as far as its survey takes it.

use cchc_proto::{
    convert,
    survey::v1::{IngestResponsesRequest, ingest_responses_request::Channel},
};

use super::{Holds, OfLine};
use crate::{channel, push::not_hexadecimal};

impl OfLine<'_, '_> {
    pub(super) fn paradata(&mut self, row: &mut IngestResponsesRequest) {
        row.start_time = self.time_of(Holds::Start, Self::text).map(convert::timestamp);
        row.interviewer = self.text(Holds::Interviewer);
        row.channel = self.channel().into();
        row.slip_code = self.text(Holds::SlipCode);
        row.respondent_key = self.respondent_key();
    }

    fn channel(&mut self) -> Channel {
        let written = self.text(Holds::Channel);
        if written.is_empty() {
            return Channel::Unspecified;
        }
        channel::read(&written).unwrap_or_else(|words| {
            self.refuse(Holds::Channel, "VALUE_INVALID", words);
            Channel::Unspecified
        })
    }

    fn respondent_key(&mut self) -> Vec<u8> {
        let written = self.text(Holds::RespondentKey);
        hex::decode(written).unwrap_or_else(|_| {
            self.refuse(Holds::RespondentKey, "KEY_INVALID", not_hexadecimal());
            Vec::new()
        })
    }
}
