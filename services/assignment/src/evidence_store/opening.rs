//! Which store evidence lies in, from the settings: a folder, or a bucket at a server that speaks the protocol
//! of S3. What cannot work ends the start; a server that is away does not, since it will be back.

use std::{error::Error as _, path::Path as FilePath, sync::Arc, time::Duration};

use bytes::Bytes;
use cchc_kit::config::{BucketConfig, ConfigError, EvidenceConfig, read_trimmed};
use futures::TryStreamExt as _;
use object_store::{
    Certificate, ClientOptions, Error, ObjectStore, ObjectStoreExt as _, RetryConfig,
    aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
};

/// How long the server may take to be reached.
const REACHED: Duration = Duration::from_secs(5);
/// How long it may say nothing. No more is asked: how long a whole document takes is the reader's affair.
const SILENT: Duration = Duration::from_mins(1);
/// How often what may pass is tried again before the caller is told, and for how long.
const RETRIES: usize = 3;
const RETRIED: Duration = Duration::from_secs(20);
/// The largest object that a server copies in one piece, and so the largest document in a bucket.
const MOST_COPIED: u64 = 5 * 1024 * 1024 * 1024;

/// The settings of evidence cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// A file they name cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What they say is not how it is.
    #[error("evidence: {0}")]
    Unusable(String),
}

/// The store that is configured, tried out; none is one that takes nothing.
pub(super) async fn open(
    config: &EvidenceConfig,
) -> Result<Option<Arc<dyn ObjectStore>>, OpenError> {
    match (&config.folder, &config.bucket) {
        (None, None) => Ok(None),
        (Some(path), None) => folder(path).map(Some),
        (None, Some(settings)) => {
            if config.most_bytes > MOST_COPIED {
                return unusable(format!(
                    "most_bytes is above {MOST_COPIED}, which no bucket takes"
                ));
            }
            let store = bucket(settings)?;
            try_out(store.as_ref(), &settings.name).await?;
            Ok(Some(store))
        }
        (Some(_), Some(_)) => unusable("set a folder or a bucket, not both".to_owned()),
    }
}

fn unusable<T>(what: String) -> Result<T, OpenError> {
    Err(OpenError::Unusable(what))
}

/// Written files are on the disk before they are acknowledged.
fn folder(path: &FilePath) -> Result<Arc<dyn ObjectStore>, OpenError> {
    let said = |error: &dyn std::fmt::Display| {
        OpenError::Unusable(format!("the folder {}: {error}", path.display()))
    };
    std::fs::create_dir_all(path).map_err(|error| said(&error))?;
    let local = LocalFileSystem::new_with_prefix(path).map_err(|error| said(&error))?;
    Ok(Arc::new(local.with_fsync(true).with_automatic_cleanup(true)))
}

fn bucket(settings: &BucketConfig) -> Result<Arc<dyn ObjectStore>, OpenError> {
    // The one cryptography of this workspace; that it was named before is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (id, secret) = settings.keys()?;
    let mut client = ClientOptions::new()
        .with_allow_http(settings.url.starts_with("http://"))
        .with_connect_timeout(REACHED)
        .with_read_timeout(SILENT)
        .with_timeout_disabled();
    if let Some(path) = &settings.ca_file {
        let pem = read_trimmed(path)?;
        let trusted = Certificate::from_pem_bundle(pem.as_bytes());
        for certificate in trusted.map_err(|error| OpenError::Unusable(error.to_string()))? {
            client = client.with_root_certificate(certificate);
        }
    }
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRIED, ..Default::default() };
    let built = AmazonS3Builder::new()
        .with_endpoint(settings.url.trim_end_matches('/'))
        .with_bucket_name(&settings.name)
        .with_region(&settings.region)
        .with_access_key_id(id.reveal())
        .with_secret_access_key(secret.reveal())
        .with_client_options(client)
        .with_retry(retry)
        .build();
    Ok(Arc::new(built.map_err(|error| OpenError::Unusable(error.to_string()))?))
}

/// Asks a bucket for all that it will be asked for later: to keep, to list, to give and to let go.
///
/// Instances that start together do it over the same small object, so that it may be gone when it is asked for.
async fn try_out(store: &dyn ObjectStore, bucket: &str) -> Result<(), OpenError> {
    let (shelf, place) = (Path::from("tried"), Path::from("tried/at-start"));
    let asked = async {
        store.put(&place, Bytes::from_static(b"cchc").into()).await?;
        store.list(Some(&shelf)).try_collect::<Vec<_>>().await?;
        match store.get(&place).await {
            Ok(_) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        store.delete(&place).await
    };
    match asked.await {
        Ok(()) => Ok(()),
        Err(Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) => unusable(format!(
            "the server does not let this access key write, list, read and delete in the bucket {bucket}"
        )),
        Err(Error::NotFound { .. }) => unusable(format!("the server has no bucket {bucket}")),
        Err(error) => {
            tracing::error!(error = said(&error), "the store of evidence does not answer yet");
            Ok(())
        }
    }
}

/// A failure with its first cause, for the log. What a server says to a key that it refuses stays out of it,
/// since it repeats the key.
pub(super) fn said(error: &Error) -> String {
    if let Error::PermissionDenied { path, .. } | Error::Unauthenticated { path, .. } = error {
        return format!("the server refuses the access key for {path}");
    }
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.last().map_or_else(|| error.to_string(), |first| format!("{error}: {first}"))
}
