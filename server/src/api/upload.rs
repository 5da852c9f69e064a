//! A file in a form of parts (RFC 7578).

use super::extract::read_body;
use super::problem::ApiError;
use crate::pictures;
use crate::service::avatars::Upload;
use crate::submitted::Submitted;
use axum::body::{Body, Bytes};
use axum::extract::FromRequest;
use axum::http::{HeaderMap, header};
use domain::code::Code;
use domain::error::{Checked, Error, Result, Violation};
use multer::{Field, Multipart};

/// The part that is the file.
pub(super) const NAME: &str = "file";
/// What older clients call it too.
const NAMES: [&str; 3] = [NAME, "avatar", "logo"];
/// Most parts that are looked at.
const PARTS: usize = 100;
/// Longest boundary (RFC 2046 section 5.1.1).
const BOUNDARY: usize = 70;

impl<S: Send + Sync> FromRequest<S> for Submitted<Upload> {
    type Rejection = ApiError;

    /// As with JSON: what is too large or of another type is refused at once, whoever sent it.
    async fn from_request(request: axum::extract::Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read_body(&parts, body).await?;
        let kind = require_form(&parts.headers)?;
        let read = read(kind, bytes).await;
        match read {
            Ok(Upload(file)) if file.len() > pictures::LARGEST => Err(Code::PayloadTooLarge.into()),
            read => Ok(Self::read(read)),
        }
    }
}

/// The type of the body, if it is an uncompressed form of parts.
fn require_form(headers: &HeaderMap) -> Result<&str> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("multipart/form-data") && !headers.contains_key(header::CONTENT_ENCODING) {
        Ok(kind)
    } else {
        Err(Code::UnsupportedMediaType.into())
    }
}

/// The one file. Its name and its declared type are not looked at.
async fn read(kind: &str, bytes: Vec<u8>) -> Result<Upload> {
    let boundary = multer::parse_boundary(kind).map_err(malformed)?;
    if boundary.is_empty() || boundary.len() > BOUNDARY {
        return Err(Code::InvalidMultipart.into());
    }
    let mut form = Multipart::new(Body::from(bytes).into_data_stream(), boundary);
    let mut checked = Checked::default();
    let mut files = Vec::new();
    let mut parts = 0;
    while let Some(part) = form.next_field().await.map_err(malformed)? {
        parts += 1;
        let name = name(&part)?;
        let content = part.bytes().await.map_err(malformed)?;
        if parts > PARTS {
            return Err(Code::InvalidMultipart.into());
        }
        if NAMES.contains(&name.as_str()) {
            files.push(content);
        } else {
            checked.note(Violation::field(&escaped(&name), Code::UnknownPart, "There is no such part here."));
        }
    }
    let file = one_of(files, &mut checked);
    checked.finish()?;
    file.map(Upload).ok_or(Error::Internal)
}

fn one_of(files: Vec<Bytes>, checked: &mut Checked) -> Option<Bytes> {
    let mut files = files.into_iter();
    let (code, rule) = match (files.next(), files.next()) {
        (Some(file), None) => return Some(file),
        (None, _) => (Code::FileRequired, "Send the file as the part “file”."),
        (Some(_), Some(_)) => (Code::DuplicateField, "Send one file."),
    };
    checked.note(Violation::field("file", code, rule));
    None
}

/// Every part has a name, and is none that has parts itself.
fn name(part: &Field<'_>) -> Result<String> {
    let nested = part.content_type().is_some_and(|kind| kind.type_() == "multipart");
    match part.name() {
        Some(name) if !nested => Ok(name.to_owned()),
        _ => Err(Code::InvalidMultipart.into()),
    }
}

/// As a step of a JSON Pointer (RFC 6901 section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn malformed(_: multer::Error) -> Error {
    Code::InvalidMultipart.into()
}
