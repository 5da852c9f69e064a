//! Keys for each purpose, derived from the one secret key, and what is made with them.
//!
//! Nothing made here is stored: a copy of the database opens no invitation, resets no password and forges no cursor.

use crate::config::SecretKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::{InvitationId, UserId};
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// Bytes of the authentication code that are kept (RFC 2104 section 5 allows half or more).
const MAC: usize = 24;

#[derive(Clone)]
pub(crate) struct Keys {
    invite: [u8; 32],
    reset: [u8; 32],
    verify: [u8; 32],
    change_email: [u8; 32],
    cursor: [u8; 32],
    setup: [u8; 32],
    repeat: [u8; 32],
}

/// How an invitation's link reached its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// By the mail itself: whoever comes this way reads the mailbox.
    Mail,
    /// By a copied link: this proves nothing about the mailbox.
    Link,
}

/// What an invitation's token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvitationToken {
    pub(crate) id: InvitationId,
    pub(crate) version: u16,
    pub(crate) channel: Channel,
}

/// What a mailed link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    ResetPassword,
    VerifyEmail,
    /// Bound to the address that is to replace the present one.
    ChangeEmail,
}

/// The state of an account that a mailed link is bound to: when one of these changes, the link is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) user: UserId,
    pub(crate) email: String,
    pub(crate) auth_epoch: i64,
}

/// What a mailed link claims, before it is checked against its holder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    pub(crate) user: UserId,
    pub(crate) expires_at: Timestamp,
    mac: [u8; MAC],
}

impl Keys {
    pub(crate) fn derive(secret: &SecretKey) -> Self {
        let key = |purpose: &str| mac(&secret.0, &[b"guildhall key: ", purpose.as_bytes()]);
        Self {
            invite: key("invite"),
            reset: key("reset"),
            verify: key("verify"),
            change_email: key("change email"),
            cursor: key("cursor"),
            setup: key("setup"),
            repeat: key("repeat"),
        }
    }

    pub(crate) fn invitation_token(&self, token: InvitationToken) -> String {
        let mut bytes = token.bytes();
        let mac = mac(&self.invite, &[&bytes, b"invite"]);
        bytes.extend_from_slice(&mac[..MAC]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// `None` for everything that was not made here, to the last bit.
    pub(crate) fn read_invitation_token(&self, text: &str) -> Option<InvitationToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (version, rest) = rest.split_first_chunk::<2>()?;
        let channel = match rest.first()? {
            b'm' => Channel::Mail,
            b'l' => Channel::Link,
            _ => return None,
        };
        let token =
            InvitationToken { id: InvitationId(Uuid::from_bytes(*id)), version: u16::from_be_bytes(*version), channel };
        same(self.invitation_token(token).as_bytes(), text.as_bytes()).then_some(token)
    }

    pub(crate) fn proof(&self, purpose: Purpose, holder: &Holder, expires_at: Timestamp) -> String {
        let mut bytes = holder.user.0.as_bytes().to_vec();
        bytes.extend_from_slice(&expires_at.as_millis().to_be_bytes());
        bytes.extend_from_slice(&self.proof_mac(purpose, holder, expires_at));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether a proof was made here for this holder as the account is now. Its time is the caller's to judge.
    pub(crate) fn proves(&self, purpose: Purpose, holder: &Holder, proof: &Proof) -> bool {
        proof.user == holder.user && same(&self.proof_mac(purpose, holder, proof.expires_at), &proof.mac)
    }

    fn proof_mac(&self, purpose: Purpose, holder: &Holder, expires_at: Timestamp) -> [u8; MAC] {
        let key = match purpose {
            Purpose::ResetPassword => &self.reset,
            Purpose::VerifyEmail => &self.verify,
            Purpose::ChangeEmail => &self.change_email,
        };
        let (time, epoch) = (expires_at.as_millis().to_be_bytes(), holder.auth_epoch.to_be_bytes());
        let full = mac(key, &[holder.user.0.as_bytes(), &time, &epoch, holder.email.as_bytes()]);
        let mut short = [0; MAC];
        short.copy_from_slice(&full[..MAC]);
        short
    }

    /// The code that is printed at the start of an empty instance.
    pub(crate) fn setup_code(&self) -> String {
        URL_SAFE_NO_PAD.encode(&mac(&self.setup, &[b"first administrator"])[..18])
    }

    pub(crate) fn is_setup_code(&self, text: &str) -> bool {
        same(self.setup_code().as_bytes(), text.as_bytes())
    }

    /// By which a request is known when it comes again. Under a key, since a body may hold a password and a digest of a
    /// short secret can be found by trying.
    pub(crate) fn digest_request(&self, parts: &[&[u8]]) -> String {
        hexadecimal(&mac(&self.repeat, parts))
    }

    /// 16 bytes that show that a cursor was made here.
    pub(crate) fn sign_cursor(&self, parts: &[&[u8]]) -> [u8; 16] {
        let full = mac(&self.cursor, parts);
        let mut short = [0; 16];
        short.copy_from_slice(&full[..16]);
        short
    }
}

impl InvitationToken {
    fn bytes(self) -> Vec<u8> {
        let mut bytes = self.id.0.as_bytes().to_vec();
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes.push(match self.channel {
            Channel::Mail => b'm',
            Channel::Link => b'l',
        });
        bytes
    }
}

impl Proof {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (user, rest) = bytes.split_first_chunk::<16>()?;
        let (time, rest) = rest.split_first_chunk::<8>()?;
        let mac = rest.try_into().ok()?;
        let expires_at = Timestamp::from_millis(i64::from_be_bytes(*time));
        Some(Self { user: UserId(Uuid::from_bytes(*user)), expires_at, mac })
    }
}

/// HMAC-SHA256 (RFC 2104) over the parts, each with its length before it so that none can flow into the next.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// SHA-256 in hexadecimal: how secrets that are looked up are stored.
pub(crate) fn digest(secret: &[u8]) -> String {
    hexadecimal(&Sha256::digest(secret))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::derive(&SecretKey(vec![7; 32].into()))
    }

    fn token(channel: Channel) -> InvitationToken {
        InvitationToken { id: InvitationId(Uuid::from_u128(42)), version: 3, channel }
    }

    #[test]
    fn a_token_is_read_back_as_it_was_made() {
        for channel in [Channel::Mail, Channel::Link] {
            let text = keys().invitation_token(token(channel));
            assert_eq!(keys().read_invitation_token(&text), Some(token(channel)));
        }
    }

    #[test]
    fn a_token_with_any_character_changed_is_nothing() {
        let text = keys().invitation_token(token(Channel::Link));
        for position in 0..text.len() {
            for other in ['A', 'B', '_'] {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[position] == other {
                    continue;
                }
                changed[position] = other;
                let changed: String = changed.into_iter().collect();
                assert_eq!(keys().read_invitation_token(&changed), None, "{changed}");
            }
        }
        assert_eq!(keys().read_invitation_token(&text[1..]), None);
        assert_eq!(keys().read_invitation_token(&format!("{text}A")), None);
        assert_eq!(keys().read_invitation_token(&format!("{text}=")), None);
    }

    #[test]
    fn a_proof_is_good_for_its_purpose_and_state_alone() {
        let holder = Holder { user: UserId(Uuid::from_u128(1)), email: "a@x.test".into(), auth_epoch: 4 };
        let text = keys().proof(Purpose::ResetPassword, &holder, Timestamp::from_millis(9));
        let proof = Proof::read(&text).expect("well-formed");
        assert!(keys().proves(Purpose::ResetPassword, &holder, &proof));
        assert!(!keys().proves(Purpose::VerifyEmail, &holder, &proof));
        assert!(!keys().proves(Purpose::ResetPassword, &Holder { auth_epoch: 5, ..holder.clone() }, &proof));
        assert!(!keys().proves(Purpose::ResetPassword, &Holder { email: "b@x.test".into(), ..holder }, &proof));
    }
}
