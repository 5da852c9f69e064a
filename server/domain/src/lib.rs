//! The words and rules of Guildhall. Nothing here does I/O, so the browser and the server share it.

#[macro_use]
pub mod schema;
#[macro_use]
mod choice;
#[macro_use]
pub mod page;

pub mod account;
pub mod affiliation;
pub mod audit;
pub mod avatar;
pub mod code;
pub mod error;
pub mod group;
pub mod ids;
pub mod industry;
pub mod initials;
pub mod invitation;
pub mod member;
pub mod org;
pub mod patch;
pub mod platform;
pub mod policy;
pub mod role;
pub mod stats;
pub mod team;
pub mod text;
pub mod time;
pub mod token;
pub mod user;
pub mod wallet;
pub mod workspace;
