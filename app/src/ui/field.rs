//! The fields of forms: each has its label, its hint, and its refusal beside it.

use super::form::FormState;
use crate::ui::icon::Icon;
use leptos::prelude::*;

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

/// A password that is chosen now, with what is asked of it.
#[component]
pub fn NewPassword(#[prop(default = "Password")] label: &'static str) -> impl IntoView {
    view! {
        <Field
            name="password"
            label=label
            kind="password"
            autocomplete="new-password"
            hint="12 characters or more. A few words are fine; so is a password manager."
            large=true
        />
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
