#!/bin/sh
# Builds the package again, elsewhere and in other circumstances, and compares byte by byte.
#   reproducible.sh FOLDER      FOLDER holds the packages of the first build
set -eu
cd "$(dirname "$0")/../.."
first=$(cd "$1" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/another-place-with-a-longer-name.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

umask 077
TMPDIR=$work TZ=Pacific/Kiritimati LANG=de_DE.UTF-8 USER=somebody HOME=$work JOBS=1 \
  sh installer/deb/build.sh "$work/packages"
for package in "$first"/*.deb; do
  name=${package##*/}
  cmp "$package" "$work/packages/$name"
  sha256sum "$package"
done
