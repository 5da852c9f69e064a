//! The binary carries the site; a new site needs a new binary.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=target/site");
    // Without a site, as when only the server is checked, there is an empty one.
    std::fs::create_dir_all("target/site")
}
