//! SQL and its rows. One function a statement; the caller owns the transaction.

pub(crate) mod acknowledgements;
pub(crate) mod documents;
pub(crate) mod editions;
pub(crate) mod results;
pub(crate) mod unit_versions;
