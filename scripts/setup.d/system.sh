# shellcheck shell=bash
# Packages of the operating system.

# Lines of "package: what is missing without it", in the names of Debian.
missing_system_packages() {
    command -v cc >/dev/null && command -v make >/dev/null || echo "build-essential: a C compiler and make"
    command -v node >/dev/null || echo "nodejs: Node.js $NODE_MAJOR or newer"
    command -v npm >/dev/null || echo "npm: the package manager of Node.js"
    [[ $1 == test ]] || return 0
    [[ -n $(postgres_bin) ]] || echo "postgresql: a database server for the tests"
    [[ -n $(chromium_program) ]] || echo "chromium: a browser for the tests"
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo "python3-venv: Python 3 for the tests from the API's document"
    has_fonts || echo "fonts-liberation: letters for the browser"
}

has_fonts() {
    [[ -n $(find -L /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null) ]]
}

need_system_packages() {
    local missing
    missing=$(missing_system_packages "$1")
    [[ -z $missing ]] && return
    can_install || fail "these system packages are missing (names as in Debian); install them and start again:
$(sed 's/^/  /' <<<"$missing")"

    local packages
    mapfile -t packages < <(cut -d : -f 1 <<<"$missing")
    install_system_packages "${packages[@]}"

    missing=$(missing_system_packages "$1")
    [[ -z $missing ]] || fail "still missing after the installation:
$(sed 's/^/  /' <<<"$missing")"
}

can_install() {
    command -v apt-get >/dev/null && { [[ $EUID == 0 ]] || sudo_works; }
}

sudo_works() {
    command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }
}

as_root() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi
}

install_system_packages() {
    echo "installing system packages: $*"
    as_root apt-get update -q >"$cache/apt.log" 2>&1 || true # one unreachable source need not matter
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" >>"$cache/apt.log" 2>&1 ||
        { tail -n 20 "$cache/apt.log" >&2; fail "apt-get could not install: $*"; }
}
