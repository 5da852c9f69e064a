//! Where pictures are: files of a folder, or objects of a bucket.

#[cfg(test)]
mod tests;

use crate::config::{Bucket, Config, Uploads};
use crate::db::make_private_folder;
use anyhow::Context as _;
use axum::body::Bytes;
use domain::code::Code;
use domain::error::{Error, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, Certificate, ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Longest time of one request to a bucket.
const REQUEST: Duration = Duration::from_secs(5);
/// How often a request to a bucket is tried again, and how long that may go on: a person is waiting.
const RETRIES: usize = 2;
const TRYING: Duration = Duration::from_secs(6);

/// Cloning shares it.
#[derive(Clone)]
pub(super) struct Store(Arc<dyn ObjectStore>);

impl Store {
    /// # Errors
    /// When the folder cannot be made, or the bucket's options are wrong.
    pub(super) fn open(config: &Config) -> anyhow::Result<Self> {
        Ok(Self(match &config.uploads {
            Uploads::Folder(path) => {
                let opened = make_private_folder(path).map_err(anyhow::Error::from);
                let opened = opened.and_then(|()| Ok(LocalFileSystem::new_with_prefix(path)?.with_fsync(true)));
                Arc::new(opened.with_context(|| format!("GUILDHALL_UPLOADS: {} cannot be used", path.display()))?)
            }
            Uploads::Bucket(bucket) => {
                let opened = open_bucket(bucket, config.ca_file.as_deref());
                Arc::new(PrefixStore::new(opened.context("GUILDHALL_UPLOADS cannot be used")?, bucket.prefix.as_str()))
            }
        }))
    }

    pub(super) async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&place(name), bytes.into()).await.map(drop).map_err(broken)
    }

    pub(super) async fn get(&self, name: &str) -> Result<Option<Bytes>> {
        match self.0.get(&place(name)).await {
            Ok(found) => found.bytes().await.map(Some).map_err(broken),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(broken(error)),
        }
    }

    /// What is not there is gone already.
    pub(super) async fn delete(&self, name: &str) -> Result<()> {
        match self.0.delete(&place(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }
}

/// What the setting does not say is taken from the variables that other programs know it by, such as
/// `AWS_ACCESS_KEY_ID`.
fn open_bucket(bucket: &Bucket, ca_file: Option<&Path>) -> anyhow::Result<AmazonS3> {
    let mut client = ClientOptions::new().with_timeout(REQUEST);
    if let Some(file) = ca_file {
        for root in Certificate::from_pem_bundle(&std::fs::read(file)?)? {
            client = client.with_root_certificate(root);
        }
    }
    let retry = RetryConfig { max_retries: RETRIES, retry_timeout: TRYING, backoff: BackoffConfig::default() };
    let mut builder = AmazonS3Builder::from_env()
        .with_client_options(client)
        .with_retry(retry)
        .with_bucket_name(&bucket.name)
        // Not everything that speaks like S3 takes requests to delete many, and here it is one at a time.
        .with_disable_bulk_delete(true);
    for (name, value) in &bucket.options {
        builder = builder.with_config(name.parse::<AmazonS3ConfigKey>()?, value);
    }
    Ok(builder.build()?)
}

/// Few enough in one folder for people who look into it.
fn place(name: &str) -> Place {
    let folder = name.get(..2).unwrap_or_default();
    Place::from_iter([folder, name])
}

fn broken(error: object_store::Error) -> Error {
    tracing::error!(%error, "the store of pictures refused");
    Code::ServiceUnavailable.into()
}
