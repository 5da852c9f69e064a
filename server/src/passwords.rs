//! Passwords: how strong one has to be, and their Argon2id hashes, computed on a bounded pool.

use crate::turns::Turns;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::code::Code;
use domain::error::{Error, Result, Violation};
use domain::text::Password;

/// How many hashes are computed at once; each takes a core and 19 MiB for some tens of milliseconds.
const AT_ONCE: usize = 2;
/// How many may wait.
const WAITING: usize = 64;
/// Verified against when there is no account, so that an answer takes as long as with one: the parameters of [`hasher`],
/// and the hash of no password that anybody knows.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z3VpbGRoYWxsIGRlY295$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Lowest strength (zxcvbn, 0 to 4) that is taken.
const STRENGTH: zxcvbn::Score = zxcvbn::Score::Three;

#[derive(Clone)]
pub(crate) struct Passwords {
    turns: Turns,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { turns: Turns::new(AT_ONCE, WAITING) }
    }

    /// Refuses a password that is easy to guess, also from what is known of the person; else gives its hash.
    ///
    /// # Errors
    /// `password_weak` at `field`; `service_unavailable` when too many wait already.
    pub(crate) async fn hash(&self, field: &'static str, password: Password, hints: Vec<String>) -> Result<String> {
        self.turns
            .take(move || {
                let hints: Vec<&str> = hints.iter().flat_map(|hint| words(hint)).collect();
                if zxcvbn::zxcvbn(password.expose(), &hints).score() < STRENGTH {
                    let rule = "Too easy to guess. A few unrelated words make a strong password.";
                    return Err(Error::Invalid(vec![Violation::field(field, Code::PasswordWeak, rule)]));
                }
                hash(password.expose()).ok_or(Error::Internal)
            })
            .await?
    }

    /// Whether the password is the one of this hash. Without a hash the work is done all the same.
    ///
    /// # Errors
    /// `service_unavailable` when too many wait already.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let real = hash.is_some();
        let hash = hash.unwrap_or(DECOY).to_owned();
        let Ok(password) = Password::parse(password) else {
            // Such a password was never set; nobody has to wait for that answer.
            return Ok(false);
        };
        self.turns
            .take(move || {
                PasswordHash::new(&hash)
                    .is_ok_and(|hash| hasher().verify_password(password.expose().as_bytes(), &hash).is_ok())
            })
            .await
            .map(|right| right && real)
    }
}

/// Argon2id with 19 MiB, two passes, one lane (OWASP password storage cheat sheet).
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash(password: &str) -> Option<String> {
    hasher().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// A hint and each of its words: a name is guessed in parts too.
fn words(hint: &str) -> impl Iterator<Item = &str> {
    std::iter::once(hint).chain(hint.split(|letter: char| !letter.is_alphanumeric())).filter(|word| word.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decoy_takes_the_work_of_a_real_hash() {
        let real = hash("granite otter violin 42").expect("a hash");
        let [real, decoy] = [&real, DECOY].map(|hash| PasswordHash::new(hash).expect("a hash"));
        assert_eq!((decoy.algorithm, decoy.version, &decoy.params), (real.algorithm, real.version, &real.params));
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|hash| hash.as_bytes().len());
        assert_eq!(length(&decoy), length(&real));
    }
}
