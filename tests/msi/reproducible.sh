#!/bin/sh
# Builds the MSI again, elsewhere and in other circumstances, and compares byte by byte.
#   reproducible.sh FOLDER      FOLDER is what installer/msi/build.sh has made
set -eu
cd "$(dirname "$0")/../.."
first=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/another-place-with-a-longer-name.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# The other place has no history to take the date from.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
HAUSPOST_MINGW=${HAUSPOST_MINGW:-${XDG_CACHE_HOME:-$HOME/.cache}/hauspost-mingw}
export SOURCE_DATE_EPOCH HAUSPOST_MINGW
git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T - | tar -xf - -C "$work"

umask 077
TMPDIR=$work TZ=Pacific/Kiritimati LANG=de_DE.UTF-8 USER=somebody HOME=$work \
  sh "$work/installer/msi/build.sh"
for package in "$first"/hauspost-*-x64.msi; do
  name=${package##*/}
  cmp "$package" "$work/build-win/$name" || {
    diff -rq "$first/payload" "$work/build-win/payload"
    exit 1
  }
  sha256sum "$package"
done
