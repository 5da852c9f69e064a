//! Somebody who is planted: everything about them follows from where they are planted and the how-manieth they are.

use crate::service::orgs::sort_name;
use domain::member::MemberStatus;
use domain::policy::Role;
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

const FIRST: [&str; 32] = [
    "Aino", "Bashir", "Chiara", "Dmitri", "Eleni", "Farid", "Greta", "Hiro", "Imani", "Jonas", "Katya", "Liam", "Mei",
    "Nadia", "Omar", "Paloma", "Quentin", "Rosa", "Sven", "Tala", "Umar", "Vera", "Wanda", "Xavier", "Yusuf", "Zora",
    "Anouk", "Bruno", "Carmen", "Diego", "Emre", "Freya",
];
const LAST: [&str; 32] = [
    "Abara",
    "Bergström",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fernández",
    "Grünwald",
    "Hoang",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
    "Quispe",
    "Rahman",
    "Schäfer",
    "Tanaka",
    "Ueda",
    "Vasquez",
    "Weber",
    "Xu",
    "Yılmaz",
    "Zhang",
    "Adeyemi",
    "Brandt",
    "Costa",
    "Demir",
    "Engström",
    "Fujita",
];

pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) member_id: i64,
    pub(super) email: String,
    pub(super) username: Option<String>,
    pub(super) full_name: String,
    pub(super) role: Role,
    pub(super) status: MemberStatus,
    pub(super) joined: Timestamp,
}

impl Person {
    pub(super) fn new(slug: &str, number: u64, joined: Timestamp) -> Self {
        let digest: [u8; 32] = Sha256::digest(format!("{slug}\n{number}")).into();
        let [first, last, named, ..] = digest.map(usize::from);
        let (first, last) = (FIRST[first % FIRST.len()], LAST[last % LAST.len()]);
        let mut random = [0; 10];
        random.copy_from_slice(&digest[8..18]);
        let millis = u64::try_from(joined.as_millis()).unwrap_or_default();
        Self {
            id: Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
            member_id: member_id(&digest),
            email: format!("{}.{number}@{slug}.example", first.to_ascii_lowercase()),
            // Usernames are the platform's: another organization has others.
            username: named.is_multiple_of(3).then(|| format!("s{}", hex(&digest[18..26]))),
            full_name: format!("{first} {last}"),
            role: role(number),
            status: if number % 500 == 250 { MemberStatus::Suspended } else { MemberStatus::Active },
            joined,
        }
    }

    pub(super) fn sort_name(&self) -> String {
        sort_name(Some(&self.full_name), &self.email)
    }
}

/// Most are members, as in life.
fn role(number: u64) -> Role {
    match number % 1_000 {
        0 => Role::Admin,
        1 | 2 => Role::Billing,
        3..=22 => Role::Viewer,
        _ => Role::Member,
    }
}

/// 48 bits, never zero.
fn member_id(digest: &[u8; 32]) -> i64 {
    let bits = digest[26..32].iter().fold(0_i64, |bits, byte| bits << 8 | i64::from(*byte));
    bits.max(1)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
