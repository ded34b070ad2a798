//! Domains of a survey. Whether they hold together is the science's to say; here each part is only read.

use cchc_core::Collector;
use cchc_scoring::survey::domains::Domain;

use crate::survey::v1 as pb;

impl From<&Domain> for pb::Domain {
    fn from(Domain { question, is_sensitive, is_consented }: &Domain) -> Self {
        Self {
            question_code: question.to_string(),
            is_sensitive: *is_sensitive,
            is_consented: *is_consented,
        }
    }
}

/// Reads a domain.
pub fn domain(c: &mut Collector, domain: pb::Domain) -> Option<Domain> {
    let pb::Domain { question_code, is_sensitive, is_consented } = domain;
    Some(Domain { question: c.parse("question_code", &question_code)?, is_sensitive, is_consented })
}
