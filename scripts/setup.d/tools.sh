# shellcheck shell=bash
# Programs from crates.io and npm, each in a folder of the cache that carries its version.

need_node() {
    local found
    found=$(node --version)
    found=${found#v}
    ((${found%%.*} >= NODE_MAJOR)) || fail "Node.js $NODE_MAJOR or newer is needed; found $found"
}

# The tool must be the same version as the crate, or the page's script and the wasm do not fit together.
compare_wasm_bindgen() {
    [[ -f Cargo.lock ]] || return 0
    local locked
    locked=$(awk -F '"' '/^name = "wasm-bindgen"$/ { getline; print $2 }' Cargo.lock)
    [[ $locked == "$WASM_BINDGEN_VERSION" ]] ||
        fail "Cargo.lock has wasm-bindgen $locked, but scripts/versions.sh has $WASM_BINDGEN_VERSION: make them equal"
}

# need_cargo_tool PROGRAM VERSION CRATE [FLAG…]
need_cargo_tool() {
    local program=$1 version=$2 crate=$3
    shift 3
    [[ -x $tools/$program-$version/bin/$program ]] && return
    echo "building $crate $version (once; this takes a while)"
    # These tools work little and rarely: what counts is that they are built soon, also on two cores.
    env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_TARGET_DIR="$cache/build/tools" \
        cargo install --quiet "$crate" --version "$version" "$@" --root "$tools/$program-$version"
    rm -rf "$cache/build/tools" # kept until here, so that an interrupted build goes on where it stopped
}

# need_npm_tool PACKAGE VERSION PROGRAM
need_npm_tool() {
    local folder=$tools/$1-$2
    [[ -x $folder/node_modules/.bin/$3 ]] && return
    echo "installing $1 $2"
    rm -rf "$folder" "$folder.part"
    mkdir -p "$folder.part"
    npm install --silent --no-audit --no-fund --prefix "$folder.part" "$1@$2"
    mv "$folder.part" "$folder"
}

# The folder is named after the lock file, so that a changed one is noticed and clones share an equal one.
need_browser_test_packages() {
    local folder hash
    hash=$(sha256sum end2end/package-lock.json)
    folder=$cache/npm/end2end-${hash:0:12}
    if [[ ! -d $folder ]]; then
        echo "installing the packages of the browser tests"
        rm -rf "$folder.part"
        mkdir -p "$folder.part"
        cp end2end/package.json end2end/package-lock.json "$folder.part"
        PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent --no-audit --no-fund --prefix "$folder.part"
        mv "$folder.part" "$folder"
    fi
    [[ $(readlink end2end/node_modules) == "$folder/node_modules" ]] && return
    rm -rf end2end/node_modules
    ln -s "$folder/node_modules" end2end/node_modules
}

# A folder of Python packages cannot be moved: a mark says that it is complete.
need_python_packages() {
    local folder
    folder=$(python_env)
    [[ -f $folder/.complete ]] && return
    echo "installing the packages of the tests in Python"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement server/tests/python/requirements.txt
    touch "$folder/.complete"
}
