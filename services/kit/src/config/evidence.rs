//! Where evidence is kept, and what is taken: a folder of the machine, or a bucket at a server that speaks
//! the protocol of Amazon's S3, as storage servers and most clouds do.

use std::path::PathBuf;

use serde::Deserialize;

use super::{ConfigError, Secret, read_trimmed};

/// Where evidence is kept, and what is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvidenceConfig {
    /// The folder, made where it is missing. Without it and without a bucket no evidence is taken.
    pub folder: Option<PathBuf>,
    /// A bucket in place of the folder.
    pub bucket: Option<BucketConfig>,
    /// Largest document, in bytes.
    pub most_bytes: u64,
    /// Endings of the files that are taken, in lower case; what is behind them is looked at, too.
    pub types: Vec<String>,
}

impl Default for EvidenceConfig {
    fn default() -> Self {
        let types = ["pdf", "jpg", "jpeg", "png", "docx", "xlsx", "odt", "ods"];
        Self {
            folder: None,
            bucket: None,
            most_bytes: 256 * 1024 * 1024,
            types: types.map(str::to_owned).to_vec(),
        }
    }
}

/// A bucket at a server that speaks the protocol of S3. What signs in stands in files, and is read once, at
/// the start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketConfig {
    /// Address of the server, such as `https://s3.quangninh.gov.vn`. With `http://` documents travel in the
    /// clear: for a server on the same machine or in a closed network.
    pub url: String,
    /// The bucket, which must be there.
    pub name: String,
    /// The region that requests are signed for; what a server of one's own goes by unless it is told otherwise.
    #[serde(default = "us_east_1")]
    pub region: String,
    /// File with the id of the access key.
    pub access_key_file: PathBuf,
    /// File with its secret.
    pub secret_key_file: PathBuf,
    /// File with the certificate (PEM) of the authority that vouches for the server, beside those that the
    /// machine trusts.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
}

fn us_east_1() -> String {
    "us-east-1".to_owned()
}

impl BucketConfig {
    /// The id of the access key, and its secret.
    ///
    /// # Errors
    ///
    /// When a file cannot be read.
    pub fn keys(&self) -> Result<(Secret, Secret), ConfigError> {
        let read = |path| read_trimmed(path).map(Secret::new);
        Ok((read(&self.access_key_file)?, read(&self.secret_key_file)?))
    }
}
