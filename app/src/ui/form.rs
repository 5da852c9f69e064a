//! Forms that work without scripts, and better with them. A refusal names every field, keeps what was typed, and takes
//! the focus.

use crate::error::PageError;
use crate::flash::{Done, IN_ROW, Refused, complain, say};
use domain::error::Error;
use leptos::form::ActionForm;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use serde::de::DeserializeOwned;

/// What the fields of a form know of it.
#[derive(Clone)]
pub(super) struct FormState {
    id: &'static str,
    error: Signal<Option<Error>>,
    /// What was typed before the page was loaded again.
    typed: StoredValue<Vec<(String, String)>>,
    pending: Signal<bool>,
}

impl FormState {
    pub(super) fn typed(&self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone()))
    }

    /// A box that is not ticked is not sent at all.
    pub(super) fn ticked(&self, name: &str, before: bool) -> bool {
        if self.typed.with_value(Vec::is_empty) { before } else { self.typed(name).is_some() }
    }

    pub(super) fn message(&self, name: &str) -> Option<String> {
        self.error.with(|error| {
            let violations = error.as_ref()?.violations();
            violations.iter().find(|found| found.field_name() == Some(name)).map(|found| found.message.clone())
        })
    }

    pub(super) fn field_id(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }
}

/// A form of one button in a row of a list. Its refusal is told at the top of the page.
#[component]
pub fn RowForm<F, O>(action: ServerAction<F>, children: Children) -> impl IntoView
where
    F: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, O>, Error = PageError, Output = Done>,
    F: Clone + Send + Sync + 'static,
    <<F::Client as Client<PageError>>::Request as ClientReq<PageError>>::FormData: From<FormData>,
    F::Client: Client<PageError>,
{
    Effect::new(move |_| match action.value().get() {
        Some(Ok(Done { notice })) => say(notice),
        Some(Err(PageError(error))) => complain(error.to_string()),
        None => {}
    });
    let pending = Signal::derive(move || action.pending().get());
    let error = Signal::derive(|| None);
    provide_context(FormState { id: "row", error, typed: StoredValue::new(Vec::new()), pending });
    view! {
        <ActionForm action=action>
            <Hidden name=IN_ROW value="true"/>
            {children()}
        </ActionForm>
    }
}

/// A form that calls a server function. `id` is unique on the page; the fields' ids begin with it.
#[component]
pub fn Form<F, O>(
    id: &'static str,
    action: ServerAction<F>,
    #[prop(optional)] class: &'static str,
    /// Whether it is empty again after it was taken, for the next one.
    #[prop(optional)]
    clears: bool,
    children: Children,
) -> impl IntoView
where
    F: DeserializeOwned + ServerFn<Protocol = Http<PostUrl, O>, Error = PageError, Output = Done>,
    F: Clone + Send + Sync + 'static,
    <<F::Client as Client<PageError>>::Request as ClientReq<PageError>>::FormData: From<FormData>,
    F::Client: Client<PageError>,
{
    let refused = use_context::<Refused>().and_then(|Refused(form)| form.get_value());
    let before = refused.filter(|form| form.action == F::url());
    let typed = before.as_ref().map(|form| form.typed.clone()).unwrap_or_default();
    let before = StoredValue::new(before.map(|form| form.error));
    let error = Signal::derive(move || match action.value().get() {
        Some(Err(PageError(error))) => Some(error),
        Some(Ok(_)) => None,
        None => before.get_value(),
    });
    let place = NodeRef::<leptos::html::Form>::new();
    Effect::new(move |_| {
        if let Some(Ok(Done { notice })) = action.value().get() {
            say(notice);
            if let Some(form) = place.get_untracked().filter(|_| clears) {
                form.reset();
            }
        }
    });
    let pending = Signal::derive(move || action.pending().get());
    provide_context(FormState { id, error, typed: StoredValue::new(typed), pending });
    view! {
        <ActionForm action=action node_ref=place attr:id=id attr:class=class attr:novalidate=true>
            <ErrorSummary/>
            {children()}
        </ActionForm>
    }
}

/// Above the fields: how many need a correction, each with the way to it.
#[component]
fn ErrorSummary() -> impl IntoView {
    let form = expect_context::<FormState>();
    let place = NodeRef::<Div>::new();
    let error = form.error;
    Effect::new(move |_| {
        if error.get().is_some()
            && let Some(place) = place.get()
        {
            // A page that is being left has nothing to focus.
            let _focused = place.focus();
        }
    });
    let content = move || {
        let form = form.clone();
        error.get().map(|error| view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus=true node_ref=place>
                <h2>{heading(&error)}</h2>
                <ul>{error.violations().iter().map(|violation| {
                    let message = violation.message.clone();
                    match violation.field_name().filter(|name| !name.is_empty()) {
                        Some(name) => view! { <li><a href=format!("#{}", form.field_id(name)) rel="external">{message}</a></li> }.into_any(),
                        None => view! { <li>{message}</li> }.into_any(),
                    }
                }).collect_view()}</ul>
            </div>
        })
    };
    view! { {content} }
}

fn heading(error: &Error) -> String {
    match error.violations().len() {
        0 => format!("{}.", error.code().title()),
        1 => "Nothing was saved: 1 field needs a correction".to_owned(),
        many => format!("Nothing was saved: {many} fields need a correction"),
    }
}

/// Carries a value that nobody types.
#[component]
pub fn Hidden(name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// Sends the form; while it is on its way, not a second time.
#[component]
pub fn SubmitButton(
    #[prop(into)] label: String,
    #[prop(default = "button button--primary")] class: &'static str,
) -> impl IntoView {
    let pending = expect_context::<FormState>().pending;
    view! {
        <button class=class type="submit" aria-busy=move || pending.get().then_some("true") disabled=move || pending.get()>
            {label}
        </button>
    }
}
