# shellcheck shell=bash disable=SC2034
# The one place where the tools' versions are written. Those of the browser tests are in end2end/package.json.
RUST_VERSION=1.96.0
WASM_BINDGEN_VERSION=0.2.130 # always the one in Cargo.lock; the set-up compares them
CARGO_LEPTOS_VERSION=0.3.11
CARGO_DENY_VERSION=0.20.2
BINARYEN_VERSION=132.0.0
LIGHTNINGCSS_VERSION=1.33.0
NODE_MAJOR=20
