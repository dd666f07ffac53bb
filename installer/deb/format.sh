#!/bin/sh
# Prints a maintainer script with @FORMAT@ replaced by the version of the store that this source
# knows: how many migrations daemon/store/schema.c lists.
set -eu
format=$(sed -n 's/^static const char \*const migrations\[\] = { \(.*\) };$/\1/p' \
  daemon/store/schema.c | tr ',' '\n' | grep -c .)
[ "$format" -gt 0 ]
sed "s/@FORMAT@/$format/" "$1"
