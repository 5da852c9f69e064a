//! Forms that work without scripts, and better with them. A refusal names every field, keeps what was typed, and takes
//! the focus.

use crate::error::PageError;
use crate::flash::{Done, IN_ROW, Refused, complain, say};
use crate::ui::icon::Icon;
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
struct FormState {
    id: &'static str,
    error: Signal<Option<Error>>,
    /// What was typed before the page was loaded again.
    typed: StoredValue<Vec<(String, String)>>,
    pending: Signal<bool>,
}

impl FormState {
    fn typed(&self, name: &str) -> Option<String> {
        self.typed.with_value(|typed| typed.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone()))
    }

    /// A box that is not ticked is not sent at all.
    fn ticked(&self, name: &str, before: bool) -> bool {
        if self.typed.with_value(Vec::is_empty) { before } else { self.typed(name).is_some() }
    }

    fn message(&self, name: &str) -> Option<String> {
        self.error.with(|error| {
            let violations = error.as_ref()?.violations();
            violations.iter().find(|found| found.field_name() == Some(name)).map(|found| found.message.clone())
        })
    }

    fn field_id(&self, name: &str) -> String {
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
            <div class="error-summary" role="alert" tabindex="-1" node_ref=place>
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

/// A labelled line of text.
#[component]
pub fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let form = expect_context::<FormState>();
    let value = if kind == "password" { String::new() } else { form.typed(name).unwrap_or(value) };
    let class = if large { "input input--large" } else { "input" };
    let (invalid, described) = aria(&form, name, hint);
    view! {
        <div class="field">
            <Label name label optional/>
            <input
                class=class
                id=form.field_id(name)
                name=name
                type=kind
                value=value
                autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
                aria-invalid=invalid
                aria-describedby=described
                aria-required=(!optional).then_some("true")
            />
            <Explanation name hint/>
        </div>
    }
}

/// A labelled text of several lines.
#[component]
pub fn TextArea(
    name: &'static str,
    label: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
    #[prop(default = "3")] rows: &'static str,
) -> impl IntoView {
    let form = expect_context::<FormState>();
    let value = form.typed(name).unwrap_or(value);
    let (invalid, described) = aria(&form, name, hint);
    let initial = value.clone();
    view! {
        <div class="field">
            <Label name label optional/>
            <textarea
                class="input"
                id=form.field_id(name)
                name=name
                rows=rows
                prop:value=initial
                aria-invalid=invalid
                aria-describedby=described
            >
                {escaped(value)}
            </textarea>
            <Explanation name hint/>
        </div>
    }
}

/// The framework does not escape what is inside a text area on the server (leptos-rs/leptos#4730), so it is done here.
fn escaped(text: String) -> String {
    if cfg!(feature = "ssr") { text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;") } else { text }
}

/// A choice of one of a few.
#[component]
pub fn Select(
    name: &'static str,
    label: &'static str,
    /// Value and words of each choice.
    options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let form = expect_context::<FormState>();
    let chosen = form.typed(name).unwrap_or(value);
    let (invalid, described) = aria(&form, name, hint);
    view! {
        <div class="field">
            <Label name label optional/>
            <span class="select">
                <select class="input" id=form.field_id(name) name=name aria-invalid=invalid aria-describedby=described>
                    {options.into_iter().map(|(value, words)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{words}</option> }
                    }).collect_view()}
                </select>
                <Icon name="down"/>
            </span>
            <Explanation name hint/>
        </div>
    }
}

/// A yes or no.
#[component]
pub fn CheckBox(
    name: &'static str,
    label: &'static str,
    checked: bool,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let form = expect_context::<FormState>();
    view! {
        <label class="choice">
            <input type="checkbox" id=form.field_id(name) name=name value="true" checked=form.ticked(name, checked)/>
            <span>{label}</span>
            <span class="field__hint">{hint}</span>
        </label>
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

#[component]
fn Label(name: &'static str, label: &'static str, optional: bool) -> impl IntoView {
    let form = expect_context::<FormState>();
    view! {
        <label class="field__label" for=form.field_id(name)>
            {label}{optional.then(|| view! { " "<span class="field__optional">"(optional)"</span> })}
        </label>
    }
}

/// The refusal, then the hint; the field points at both.
#[component]
fn Explanation(name: &'static str, hint: &'static str) -> impl IntoView {
    let form = expect_context::<FormState>();
    let id = form.field_id(name);
    let error_id = format!("{id}-error");
    view! {
        {move || form.message(name).map(|message| view! {
            <p class="field__error" id=error_id.clone()><Icon name="error"/>{message}</p>
        })}
        {(!hint.is_empty()).then(|| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> })}
    }
}

type Attribute = Signal<Option<String>>;

fn aria(form: &FormState, name: &'static str, hint: &'static str) -> (Attribute, Attribute) {
    let id = form.field_id(name);
    let invalid = {
        let form = form.clone();
        Signal::derive(move || form.message(name).map(|_| "true".to_owned()))
    };
    let described = Signal::derive(move || {
        let error = invalid.get().map(|_| format!("{id}-error"));
        let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
        let ids: Vec<_> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    });
    (invalid, described)
}
