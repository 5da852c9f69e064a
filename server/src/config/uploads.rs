//! Where pictures are kept: the setting `uploads`.

use super::Wrong;
use super::options::wrong;
use object_store::aws::AmazonS3ConfigKey;
use std::path::PathBuf;
use url::Url;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uploads {
    Folder(PathBuf),
    Bucket(Bucket),
}

/// A bucket of S3, or of something that speaks like it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    /// What the names of all objects begin with.
    pub prefix: String,
    /// Such as `endpoint` and `region`; keys may be among them.
    pub options: Vec<(String, String)>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({}/{})", self.name, self.prefix)
    }
}

/// `file://` and a path, or `s3://bucket/prefix` with options as a query.
pub(super) fn read(text: &str) -> Result<Uploads, Wrong> {
    if let Some(path) = text.strip_prefix("file://").filter(|path| !path.is_empty()) {
        return Ok(Uploads::Folder(PathBuf::from(path)));
    }
    let meant = |url: &Url| url.scheme() == "s3" && url.username().is_empty() && url.has_host();
    let Some(url) = Url::parse(text).ok().filter(meant) else {
        let shown = text.split_once("://").map_or("…", |(scheme, _)| scheme);
        return Err(wrong("uploads", shown, "give file:// and a path, or s3://bucket/prefix"));
    };
    let options: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if let Some((unknown, _)) = options.iter().find(|(name, _)| name.parse::<AmazonS3ConfigKey>().is_err()) {
        let allowed = "options are region, endpoint, access_key_id, secret_access_key, allow_http and others of S3";
        return Err(wrong("uploads", unknown, allowed));
    }
    let name = url.host_str().unwrap_or_default().to_owned();
    Ok(Uploads::Bucket(Bucket { name, prefix: url.path().trim_matches('/').to_owned(), options }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_a_folder_or_a_bucket() {
        assert_eq!(read("file:///srv/u").expect("a folder"), Uploads::Folder("/srv/u".into()));
        assert_eq!(read("file://./data/uploads").expect("a folder"), Uploads::Folder("./data/uploads".into()));
        let text = "s3://pics/guild/a?endpoint=https%3A%2F%2Fs3.test&access_key_id=k&secret_access_key=a%2Bb";
        let Uploads::Bucket(bucket) = read(text).expect("a bucket") else { panic!("no bucket") };
        assert_eq!((bucket.name.as_str(), bucket.prefix.as_str()), ("pics", "guild/a"));
        assert_eq!(bucket.options[2], ("secret_access_key".to_owned(), "a+b".to_owned()));
        assert!(!format!("{bucket:?}").contains("a+b"));
        for text in ["/srv/u", "file://", "s3:///prefix", "s3://b?color=red", "ftp://b/p", "s3://key:secret@b/p"] {
            let refused = read(text).expect_err(text).to_string();
            assert!(refused.starts_with("GUILDHALL_UPLOADS") && !refused.contains("secret@"), "{refused}");
        }
    }
}
