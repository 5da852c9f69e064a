# shellcheck shell=bash
# Sourced by every script: where things are, and which compiler is used.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/versions.sh
. scripts/versions.sh

GUILDHALL_CACHE=${GUILDHALL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/guildhall}
mkdir -p "$GUILDHALL_CACHE/tools"
tools=$(cd "$GUILDHALL_CACHE/tools" && pwd)
cache=${tools%/tools}
export GUILDHALL_CACHE=$cache

# rustup's shell set-up may not have been read, as in a fresh container.
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
PATH=$tools/lightningcss-cli-$LIGHTNINGCSS_VERSION/node_modules/.bin:$PATH
PATH=$tools/binaryen-$BINARYEN_VERSION/node_modules/.bin:$PATH
PATH=$tools/cargo-deny-$CARGO_DENY_VERSION/bin:$PATH
PATH=$tools/cargo-leptos-$CARGO_LEPTOS_VERSION/bin:$PATH
PATH=$tools/wasm-bindgen-$WASM_BINDGEN_VERSION/bin:$PATH
export PATH

# The name under which rustup knows the compiler of Debian.
debian_toolchain=guildhall-debian

fail() {
    echo "$*" >&2
    exit 1
}

# "rustup" or "debian"; nothing before the first set-up.
toolchain_way() {
    if [[ -n ${GUILDHALL_TOOLCHAIN:-} ]]; then
        echo "$GUILDHALL_TOOLCHAIN"
    elif [[ -f $cache/toolchain ]]; then
        cat "$cache/toolchain"
    fi
}

# Every compiler has a target folder of its own, outside the clone, so that a clean clone builds quickly.
use_toolchain() {
    local version
    case $(toolchain_way) in
        rustup)
            export RUSTUP_TOOLCHAIN=$RUST_VERSION
            version=$RUST_VERSION
            ;;
        debian)
            export RUSTUP_TOOLCHAIN=$debian_toolchain
            version=$(/usr/bin/rustc --version | cut -d ' ' -f 2)
            ;;
        *) fail "no toolchain was chosen yet: run scripts/setup build" ;;
    esac
    export CARGO_TARGET_DIR=$cache/target-$version-$(toolchain_way)${1:+-$1}
    mkdir -p "$CARGO_TARGET_DIR"
}

# To cargo, two clones are one project: it would take the other clone's newer output for this one's. So one clone at a
# time may use a target folder, and the times of its files are settled by what is in them.
claim_target_dir() {
    [[ ${GUILDHALL_CLAIMED:-} == "$CARGO_TARGET_DIR" ]] && return
    exec 9>"$CARGO_TARGET_DIR.lock"
    flock --nonblock 9 || { echo "waiting for another build to finish"; flock 9; }
    export GUILDHALL_CLAIMED=$CARGO_TARGET_DIR
    scripts/settle-times "$CARGO_TARGET_DIR" Cargo.toml Cargo.lock build.rs src app server
    # The server embeds it: it has to be there, even while old or empty.
    mkdir -p target
    [[ -d target/site ]] || cp --archive "$CARGO_TARGET_DIR/site" target/ 2>/dev/null || mkdir target/site
}

# The newest PostgreSQL that has its server programs, or nothing.
postgres_bin() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort --version-sort --reverse) \
        "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
        if [[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]]; then
            echo "$folder"
            return
        fi
    done
}

# The folder of the Python packages of the tests. It is named after their list, so that a changed one is noticed and
# clones share an equal one.
python_env() {
    echo "$cache/python/$(sha256sum server/tests/python/requirements.txt | cut -c -12)"
}

# The browser for the tests, or nothing.
chromium_program() {
    command -v "${GUILDHALL_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome || true
}
