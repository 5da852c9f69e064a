//! A refusal as it travels from a server function to a page.

use domain::code::Code;
use domain::error::Error;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// [`domain::error::Error`], which the orphan rules keep from being a server function's error itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageError(pub Error);

pub type PageResult<T> = Result<T, PageError>;

impl FromServerFnError for PageError {
    type Encoder = JsonEncoding;

    /// What the transport itself refuses: a form without one of its fields, an old page after an update, no network.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Code::BadRequest.into()
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Code::ServiceUnavailable.into(),
            _ => Error::Internal,
        };
        #[cfg(feature = "ssr")]
        crate::request::refuse(&error);
        Self(error)
    }
}

#[cfg(feature = "ssr")]
impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        crate::request::refuse(&error);
        Self(error)
    }
}

#[cfg(feature = "ssr")]
impl From<Code> for PageError {
    fn from(code: Code) -> Self {
        Error::from(code).into()
    }
}

/// Gives a page that is not there the right status.
pub fn page_is_missing() {
    #[cfg(feature = "ssr")]
    crate::request::set_status(axum::http::StatusCode::NOT_FOUND);
}
