# shellcheck shell=bash
# The Rust compiler, for the server and for the browser. The ordinary way is rustup. Where rustup's host cannot be
# reached, the packages of Debian serve: they lack the standard library for the browser, which is then built from source.

need_rustup() {
    command -v rustup >/dev/null || fail "rustup is missing: install it from https://rustup.rs and start again"
}

choose_toolchain() {
    local way
    way=$(toolchain_way)
    case $way in
        rustup) rustup_is_ready || install_from_rustup || fail "rustup could not install Rust $RUST_VERSION" ;;
        debian) debian_is_ready || install_from_debian ;;
        '')
            if rustup_is_ready || install_from_rustup; then
                way=rustup
            else
                echo "rustup could not install Rust $RUST_VERSION; trying the packages of Debian"
                install_from_debian
                way=debian
            fi
            ;;
        *) fail "GUILDHALL_TOOLCHAIN is \"$way\"; allowed are rustup and debian" ;;
    esac
    [[ -n ${GUILDHALL_TOOLCHAIN:-} ]] || echo "$way" >"$cache/toolchain"
    case $way in
        rustup) echo "toolchain: Rust $RUST_VERSION from rustup" ;;
        debian) echo "toolchain: $(/usr/bin/rustc --version) from Debian, standard library for the browser built here" ;;
    esac
}

# Looks at files only: asking rustup could make it download.
rustup_is_ready() {
    local folder
    for folder in "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$RUST_VERSION"-*; do
        [[ -x $folder/bin/cargo-clippy && -x $folder/bin/cargo-fmt ]] &&
            compgen -G "$folder/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null && return
    done
    return 1
}

install_from_rustup() {
    RUST_BACKTRACE=0 timeout 900 rustup toolchain install "$RUST_VERSION" --profile minimal --no-self-update \
        --component clippy,rustfmt --target wasm32-unknown-unknown </dev/null && rustup_is_ready
}

browser_std=/usr/lib/rustlib/wasm32-unknown-unknown/lib

debian_is_ready() {
    [[ -x /usr/bin/cargo-clippy && -x /usr/bin/cargo-fmt && -e /usr/bin/rust-lld ]] &&
        [[ $(cat "$browser_std/.guildhall" 2>/dev/null) == "$(/usr/bin/rustc --version)" ]] &&
        [[ $(readlink "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$debian_toolchain") == /usr ]]
}

install_from_debian() {
    can_install || fail "the packages of Debian need apt-get, and root or sudo, to install"
    install_system_packages rustc-web cargo-web rust-web-src rust-web-llvm rustfmt-web rust-web-clippy
    # The linker for the browser is a link into a package that is only suggested: its name is the link's target.
    [[ -e /usr/bin/rust-lld ]] || install_system_packages "$(basename "$(readlink /usr/bin/rust-lld)")"
    recent_enough || fail "Debian's $(/usr/bin/rustc --version) is older than $RUST_VERSION"
    [[ $(cat "$browser_std/.guildhall" 2>/dev/null) == "$(/usr/bin/rustc --version)" ]] || { build_browser_std && install_browser_std; }
    rustup toolchain link "$debian_toolchain" /usr
    debian_is_ready || fail "the toolchain of Debian is not complete"
}

recent_enough() {
    local found
    found=$(/usr/bin/rustc --version | cut -d ' ' -f 2)
    [[ $(printf '%s\n' "$RUST_VERSION" "$found" | sort --version-sort | head -n 1) == "$RUST_VERSION" ]]
}

# One compiler cannot use the standard library of another: the folder carries the version, and cargo resumes in it.
build_browser_std() {
    local source
    source=$cache/build/std-$(/usr/bin/rustc --version | cut -d ' ' -f 2)
    echo "building the standard library for the browser (a few minutes, once)"
    mkdir -p "$source"
    cp --recursive --dereference --no-clobber --preserve=timestamps /usr/lib/rustlib/src/rust/library/. "$source"
    (
        cd "$source"
        export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc __CARGO_DEFAULT_LIB_METADATA=wasmstd
        export RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" CARGO_TARGET_DIR=$source/target
        /usr/bin/cargo build --quiet --release --target wasm32-unknown-unknown --manifest-path sysroot/Cargo.toml
    ) || fail "the standard library for the browser did not build"
    built_std=$source/target/wasm32-unknown-unknown/release/deps
}

install_browser_std() {
    as_root rm -rf "$browser_std"
    as_root install -D --mode=644 --target-directory="$browser_std" "$built_std"/*.rlib
    /usr/bin/rustc --version | as_root tee "$browser_std/.guildhall" >/dev/null
}
