# shellcheck shell=bash
# step TITLE COMMAND…: a headline, the command, how long it took. The first that fails ends the script.
step() {
    local title=$1 start=$SECONDS
    shift
    printf '\n==> %s\n' "$title"
    if ! "$@"; then
        printf '\n==> FAILED: %s (after %d s)\n' "$title" $((SECONDS - start)) >&2
        exit 1
    fi
    printf '==> %s: %d s\n' "$title" $((SECONDS - start))
}
