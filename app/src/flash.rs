//! What one page leaves for the next: that something was done, or a form that was refused with what was typed.

use domain::error::Error;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The name under which it is left with the browser's session.
pub const NAME: &str = "flash";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    pub notice: Option<String>,
    pub refused: Option<RefusedForm>,
}

/// A plain form that was refused. Passwords are never kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// Where the form was sent.
    pub action: String,
    pub error: Error,
    pub typed: Vec<(String, String)>,
}

/// What a change answers to the page that asked for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Done {
    pub notice: Option<String>,
}

/// The one place where pages say what has been done, or why a row's action was refused.
#[derive(Clone, Copy)]
pub struct Notice {
    pub done: RwSignal<Option<String>>,
    pub refused: RwSignal<Option<String>>,
}

/// Names the hidden field by which a form in a row says that its refusal is told above, where everybody sees it.
pub const IN_ROW: &str = "in_row";

/// The form that was refused before this page was loaded.
#[derive(Clone, Copy)]
pub struct Refused(pub StoredValue<Option<RefusedForm>>);

/// Makes both known to the whole page. They travel with the page, so that the browser starts with the same.
pub fn provide() {
    let flash = SharedValue::new(left).into_inner();
    let in_row = flash.refused.as_ref().filter(|form| form.typed.iter().any(|(name, _)| name == IN_ROW));
    let refused = in_row.map(|form| form.error.to_string());
    provide_context(Notice { done: RwSignal::new(flash.notice), refused: RwSignal::new(refused) });
    provide_context(Refused(StoredValue::new(flash.refused)));
}

#[cfg(feature = "ssr")]
fn left() -> Flash {
    crate::request::flash()
}

#[cfg(not(feature = "ssr"))]
fn left() -> Flash {
    Flash::default()
}

/// Says on the page that something was done.
pub fn say(notice: Option<String>) {
    if let Some(Notice { done, refused }) = use_context() {
        done.set(notice);
        refused.set(None);
    }
}

/// Says on the page why a row's action was refused.
pub fn complain(why: String) {
    if let Some(Notice { done, refused }) = use_context() {
        done.set(None);
        refused.set(Some(why));
    }
}
