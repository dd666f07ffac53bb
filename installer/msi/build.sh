#!/bin/bash
# From a bare Debian machine to Hauspost for Windows: installs what the build needs, builds the
# libraries (or finds them), cross-compiles into build-win and collects what a Windows machine gets
# in build-win/payload. With package.sh beside it, that becomes the MSI.
#   build.sh [--program-only]      --program-only ends after compiling, with the tests
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
build=$tree/build-win
payload=$build/payload
. "$here/toolchain.sh"
. "$here/panel.sh"
. "$here/payload.sh"
. "$here/licences.sh"

program_only=
case ${1:-} in
  '') ;;
  --program-only) program_only=yes ;;
  *) echo 'usage: build.sh [--program-only]' >&2; exit 2 ;;
esac

# Prints the minutes a step took under its name.
step () { # NAME COMMAND...
  local started=$SECONDS
  echo "== $1"
  "${@:2}"
  printf '== %s: %d min %d s\n' "$1" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
}

install_packages () {
  local package missing=
  while read -r package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] ||
      missing="$missing $package"
  done < "$here/packages.txt"
  [ "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Please install as root: apt-get install --no-install-recommends$missing"
    exit 1
  fi
  apt-get -qq update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing > /dev/null
}

# What is installed; a test would need its own program each.
installed_targets () {
  meson introspect --targets "$build" | python3 -c '
import json, os, sys
for target in json.load (sys.stdin):
    if target["installed"]:
        print (*(os.path.relpath (name, sys.argv[1]) for name in target["filename"]))' "$build"
}

# $HAUSPOST_WRAPPER: a program that runs programs for Windows here, for `meson test`. What is built
# for tests comes from the compiler's cache where there is one.
compile () {
  local wrapper=()
  if [ ! -f "$build/build.ninja" ]; then
    if [ "${HAUSPOST_WRAPPER:-}" ]; then
      mkdir -p "$build"
      {
        printf '[binaries]\nexe_wrapper = %s\n' "'$HAUSPOST_WRAPPER'"
        ! command -v ccache > /dev/null || echo "c = ['ccache', '$triplet-gcc-posix']"
      } > "$build/wrapper.ini"
      wrapper=(--cross-file "$build/wrapper.ini")
    fi
    meson setup "$build" "$tree" --cross-file "$home/cross.ini" "${wrapper[@]}" \
      --prefix="$configured" --sbindir=bin --libdir=lib --wrap-mode=nodownload --werror
  fi
  # shellcheck disable=SC2046
  ninja -C "$build" -j"$jobs" $([ "$program_only" ] || installed_targets)
}

step packages install_packages
step libraries "$here/libraries.sh"
step program compile
[ ! "$program_only" ] || exit 0
step payload collect_payload
step licences collect_licences
if [ -f "$here/package.sh" ]; then
  . "$here/package.sh"
  step actions build_actions
  step package make_package
fi
