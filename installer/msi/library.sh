#!/bin/bash
# Builds one library from its pinned source into the prefix (called by libraries.sh).
#   library.sh NAME
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=$1
. "$here/toolchain.sh"
. "$here/sources.sh"

stage=$home/build/$name.stage
source=
. "$here/recipes/$name.sh"

rm -rf "$stage"
mkdir -p "$stage$configured" "$sources" "$prefix"
if [ "$source" ]; then
  unpack "$source" "$home/build/$name"
else
  mkdir -p "$home/build/$name"
fi
cd "$home/build/$name"
recipe

find "$stage$configured" -name '*.pc' -exec sed -i "s|$configured\b|$prefix|g" {} +
find "$stage$configured" \( -name '*.la' -o -name 'lib*.a' ! -name '*.dll.a' \) -delete
cp -a "$stage$configured/." "$prefix/"
