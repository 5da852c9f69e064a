//! Pictures of organizations and people: made of what somebody has sent, kept in a store, given out in any size.

mod anatomy;
mod making;
mod store;

use crate::config::Config;
use crate::keys::digest;
use crate::turns::Turns;
use axum::body::Bytes;
use domain::avatar::Size;
use domain::code::Code;
use domain::error::Result;
use moka::future::Cache;
use std::time::Duration;
use store::Store;

/// Largest file that is taken.
pub(crate) const LARGEST: usize = 2 * 1024 * 1024;
/// How many may wait until their file is unpacked: one at a time, since that takes up to 200 MB for a moment.
const WAITING: usize = 64;
/// How many pictures are made smaller at once.
const RESIZED_AT_ONCE: usize = 2;
/// How many may wait for that: a list of people asks for all their pictures together.
const TO_BE_RESIZED: usize = 512;
/// How long somebody waits for a picture to be made.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many bytes of pictures are kept at hand.
const AT_HAND: u64 = 32 * 1024 * 1024;

/// The store of pictures, and what it takes to make them. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Pictures {
    store: Store,
    making: Turns,
    resizing: Turns,
    /// By digest and side: what a digest names never changes.
    at_hand: Cache<(String, u32), Bytes>,
}

/// A picture as it is kept and given out.
#[derive(Debug, Clone)]
pub struct Picture(Bytes);

impl Picture {
    pub fn bytes(&self) -> Bytes {
        self.0.clone()
    }

    pub fn content_type(&self) -> &'static str {
        making::format(&self.0).to_mime_type()
    }

    /// How its file ends.
    pub fn extension(&self) -> &'static str {
        making::format(&self.0).extensions_str().first().copied().unwrap_or("png")
    }

    /// By which it is known.
    pub(crate) fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl Pictures {
    /// # Errors
    /// When the folder cannot be made, or the bucket's options are wrong.
    pub(crate) fn open(config: &Config) -> anyhow::Result<Self> {
        let weight = |_: &(String, u32), bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Ok(Self {
            store: Store::open(config)?,
            making: Turns::new(1, WAITING),
            resizing: Turns::new(RESIZED_AT_ONCE, TO_BE_RESIZED),
            at_hand: Cache::builder().max_capacity(AT_HAND).weigher(weight).build(),
        })
    }

    /// A picture of the file's content: a square, upright, and nothing else of what the file held.
    ///
    /// # Errors
    /// `file_empty`, `image_type_unsupported`, `image_invalid`, `image_too_large`, `image_too_small`;
    /// `service_unavailable` when too many wait already.
    pub(crate) async fn make(&self, file: Bytes) -> Result<Picture> {
        let made = self.making.take(move || making::make(&file));
        let made = tokio::time::timeout(PATIENCE, made).await.map_err(|_| Code::ServiceUnavailable)?;
        made?.map(|bytes| Picture(bytes.into()))
    }

    /// Puts a picture into the store, where it may be already.
    pub(crate) async fn keep(&self, picture: &Picture) -> Result<()> {
        self.store.put(&picture.digest(), picture.bytes()).await
    }

    /// The picture of this digest in this size, if the store has it.
    pub(crate) async fn find(&self, digest: &str, size: Size) -> Result<Option<Picture>> {
        let key = (digest.to_owned(), size.pixels());
        if let Some(bytes) = self.at_hand.get(&key).await {
            return Ok(Some(Picture(bytes)));
        }
        let Some(whole) = self.whole(digest).await? else { return Ok(None) };
        let side = size.pixels();
        let bytes = self.resizing.take(move || making::resize(whole, side)).await??;
        self.at_hand.insert(key, bytes.clone()).await;
        Ok(Some(Picture(bytes)))
    }

    /// As it was put there. What a crash has left unfinished is as good as missing.
    async fn whole(&self, name: &str) -> Result<Option<Bytes>> {
        let found = self.store.get(name).await?.filter(|bytes| digest(bytes) == name);
        if found.is_none() {
            tracing::error!(digest = name, "a picture that somebody has is not in the store");
        }
        Ok(found)
    }

    /// Takes a picture out of the store, if it is there.
    pub(crate) async fn remove(&self, digest: &str) -> Result<()> {
        self.store.delete(digest).await
    }
}
