//! The page behind an invitation's link. It is opened once and has to be understood at a glance.

use crate::error::{PageError, PageResult};
use crate::flash::Done;
use crate::ui::avatar::Avatar;
use crate::ui::date::Moment;
use crate::ui::entry::{EntryCard, EntryPage};
use crate::ui::field::{Field, NewPassword};
use crate::ui::form::{Form, Hidden, SubmitButton};
use crate::ui::notice::Notices;
use domain::code::Code;
use domain::invitation::{InvitationStatus, NextStep, ReceivedInvitation};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn open_invitation(token: String) -> PageResult<ReceivedInvitation> {
    let (app, principal) = crate::request::anyone().await?;
    let request = crate::request::visit()?.request;
    Ok(server::service::acceptance::view_any(&app, &request, principal.as_ref(), &token).await?)
}

#[server]
pub async fn accept_invitation(token: String, name: Option<String>, password: Option<String>) -> PageResult<Done> {
    let (app, principal) = crate::request::anyone().await?;
    let visit = crate::request::visit()?;
    let acceptance = domain::invitation::Acceptance { password, name: crate::query::given(name), ..Default::default() };
    let accepted =
        server::service::acceptance::accept(&app, &visit, principal.as_ref(), &token, acceptance.into()).await?;
    let organization = accepted.organization;
    let path = accepted.redirect_to.unwrap_or_else(|| format!("/organizations/{}", organization.slug));
    crate::request::go(&path, Some(format!("Welcome to {}.", organization.name)))
}

#[server]
pub async fn decline_invitation(token: String) -> PageResult<Done> {
    let (app, visit) = (crate::request::app(), crate::request::visit()?);
    server::service::acceptance::decline(&app, &visit.request, &token).await?;
    crate::request::go(&format!("/invitations/{token}"), None)
}

#[component]
pub fn InvitationPage() -> impl IntoView {
    view! { <Received show=|token, invitation| view! { <Invitation token invitation/> }.into_any()/> }
}

/// Asks once more, since there is no way back but another invitation.
#[component]
pub fn DeclinePage() -> impl IntoView {
    view! { <Received show=|token, invitation| view! { <Decline token invitation/> }.into_any()/> }
}

#[component]
fn Received(show: fn(String, ReceivedInvitation) -> AnyView) -> impl IntoView {
    let token = use_params_map().get_untracked().get("token").unwrap_or_default();
    let invitation = Resource::new_blocking(
        move || token.clone(),
        |token| async move { open_invitation(token.clone()).await.map(|invitation| (token, invitation)) },
    );
    let content = move || {
        Suspend::new(async move {
            match invitation.await {
                Ok((token, invitation)) => show(token, invitation),
                Err(PageError(error)) => view! { <Unknown code=error.code()/> }.into_any(),
            }
        })
    };
    view! { <Suspense>{content}</Suspense> }
}

/// One view for each state, with the next step of each.
#[component]
fn Invitation(token: String, invitation: ReceivedInvitation) -> impl IntoView {
    match (invitation.status, invitation.next_step) {
        (InvitationStatus::Pending, step) => view! { <Open token invitation step/> }.into_any(),
        (status, _) => view! { <Over invitation status/> }.into_any(),
    }
}

#[component]
fn Open(token: String, invitation: ReceivedInvitation, step: NextStep) -> impl IntoView {
    let title = format!("Join {}", invitation.organization.name);
    let decline = format!("/invitations/{token}/decline");
    let name = invitation.name.clone().unwrap_or_default();
    let email = invitation.email.clone();
    let form = match step {
        NextStep::SetPassword => view! { <NewAccount token=token.clone() name/> }.into_any(),
        NextStep::SignIn => view! { <SignInFirst token=token.clone() email/> }.into_any(),
        NextStep::SwitchAccount => view! { <OtherAccount email/> }.into_any(),
        NextStep::Accept | NextStep::None => view! { <AcceptSignedIn token=token.clone()/> }.into_any(),
    };
    view! {
        <EntryPage title=title.clone()>
            <div class="join">
                <div class="join__grid">
                    <About title invitation=invitation.clone()/>
                    <div class="join__form">
                        <Notices/>
                        {form}
                        <p class="muted text-sm">
                            "Not for you? "<a href=decline rel="external">"Decline the invitation"</a>"."
                        </p>
                    </div>
                    <WhatHappensNext step/>
                </div>
            </div>
        </EntryPage>
    }
}

#[component]
fn About(title: String, invitation: ReceivedInvitation) -> impl IntoView {
    let organization = invitation.organization;
    let inviter = invitation.invited_by.and_then(|inviter| inviter.full_name);
    let by = inviter.map_or_else(|| "You are invited.".to_owned(), |name| format!("{name} invited you."));
    view! {
        <section class="join__about">
            <Avatar name=organization.name square=true size="xl"/>
            <div class="entry__title"><h1 tabindex="-1"><bdi>{title}</bdi></h1><p class="muted"><bdi>{by}</bdi></p></div>
            {invitation.message.map(|message| view! { <blockquote class="prose">{message}</blockquote> })}
            <dl class="facts">
                <dt>"Organization"</dt><dd class="mono">{organization.slug}</dd>
                <dt>"Address"</dt><dd>{invitation.email}</dd>
                <dt>"Role"</dt><dd>{invitation.role.name()}</dd>
                <dt>"Open until"</dt><dd><Moment at=invitation.expires_at/></dd>
            </dl>
        </section>
    }
}

#[component]
fn NewAccount(token: String, name: String) -> impl IntoView {
    view! {
        <h2>"Make your account"</h2>
        <Form id="accept" action={ServerAction::<AcceptInvitation>::new()} class="stack">
            <Hidden name="token" value=token/>
            <Field name="name" label="Your name" value=name autocomplete="name" optional=true large=true/>
            <NewPassword/>
            <SubmitButton label="Accept and join" class="button button--primary button--large button--wide"/>
        </Form>
    }
}

#[component]
fn SignInFirst(token: String, email: String) -> impl IntoView {
    view! {
        <h2>"Sign in to accept"</h2>
        <p class="muted">{email}" has an account here already. Sign in, and you come back to this page."</p>
        <a
            class="button button--primary button--large button--wide"
            href=format!("/sign-in?next=/invitations/{token}")
            rel="external"
        >
            "Sign in"
        </a>
    }
}

#[component]
fn OtherAccount(email: String) -> impl IntoView {
    view! {
        <h2>"You are signed in as somebody else"</h2>
        <p class="muted">"This invitation is for "{email}". Sign out, then open the link again."</p>
        <a class="button button--primary button--large button--wide" href="/sign-out" rel="external">"Sign out"</a>
    }
}

#[component]
fn AcceptSignedIn(token: String) -> impl IntoView {
    view! {
        <h2>"Accept the invitation"</h2>
        <Form id="accept" action={ServerAction::<AcceptInvitation>::new()} class="stack">
            <Hidden name="token" value=token/>
            <SubmitButton label="Accept and join" class="button button--primary button--large button--wide"/>
        </Form>
    }
}

#[component]
fn WhatHappensNext(step: NextStep) -> impl IntoView {
    let first = match step {
        NextStep::SetPassword => "Your account is made with the address above.",
        NextStep::SignIn => "You sign in with the account you have.",
        NextStep::SwitchAccount => "You sign in with the account of the address above.",
        NextStep::Accept | NextStep::None => "Your account stays as it is.",
    };
    view! {
        <section class="join__next">
            <h2>"What happens next"</h2>
            <ol class="steps">
                <li><span>{first}</span></li>
                <li><span>"You join the organization and see it at once."</span></li>
                <li><span>"Its members see your name and address."</span></li>
            </ol>
        </section>
    }
}

#[component]
fn Over(invitation: ReceivedInvitation, status: InvitationStatus) -> impl IntoView {
    let (title, text) = match status {
        InvitationStatus::Expired => {
            ("This invitation expired", "Nothing is lost: ask for a new one, it takes a minute.")
        }
        InvitationStatus::Revoked => {
            ("This invitation was withdrawn", "If that is a surprise, ask whoever invited you.")
        }
        InvitationStatus::Declined => ("This invitation was declined", "Changed your mind? Ask for a new one."),
        InvitationStatus::Accepted | InvitationStatus::Pending => {
            ("This invitation was accepted", "If it was you, sign in and go on.")
        }
    };
    let inviter = invitation.invited_by.and_then(|inviter| inviter.full_name);
    view! {
        <EntryCard title text>
            <dl class="facts">
                <dt>"Organization"</dt><dd><bdi>{invitation.organization.name}</bdi></dd>
                {inviter.map(|name| view! { <dt>"Invited by"</dt><dd><bdi>{name}</bdi></dd> })}
            </dl>
            <a class="button button--primary button--large button--wide" href="/sign-in" rel="external">"Sign in"</a>
        </EntryCard>
    }
}

#[component]
fn Unknown(code: Code) -> impl IntoView {
    view! {
        <EntryCard title=code.title() text="The link may have been cut off, or replaced by a newer one. Look for a later mail.">
            <a class="button button--primary button--large button--wide" href="/sign-in" rel="external">"Sign in"</a>
        </EntryCard>
    }
}

#[component]
fn Decline(token: String, invitation: ReceivedInvitation) -> impl IntoView {
    let open = matches!(invitation.status, InvitationStatus::Pending | InvitationStatus::Expired);
    if !open {
        let status = invitation.status;
        return view! { <Over invitation status/> }.into_any();
    }
    let title = format!("Decline to join {}?", invitation.organization.name);
    let back = format!("/invitations/{token}");
    view! {
        <EntryCard title text="Whoever invited you sees that you declined. Only a new invitation brings you in then.">
            <Form id="decline" action={ServerAction::<DeclineInvitation>::new()}>
                <Hidden name="token" value=token/>
                <SubmitButton label="Decline" class="button button--danger button--large button--wide"/>
            </Form>
            <p class="text-sm"><a href=back rel="external">"Back to the invitation"</a></p>
        </EntryCard>
    }
    .into_any()
}
