//! A migration that is new is in no file that the compiler has read, so cargo is told to look at the folder.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
