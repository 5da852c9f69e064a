//! What only those who run the platform do. For everybody else none of it exists.

pub mod admission;
pub mod mail;
pub mod organizations;
pub mod people;
pub mod stats;
