#!/bin/sh
# Prints a maintainer script with @FORMAT@ replaced by the version of the store that this source
# knows: how many migrations daemon/store/schema.c lists.
set -eu
format=$(tr '\n' ' ' < daemon/store/schema.c |
  sed -n 's/.*const migrations\[\] *= *{\([^}]*\)}.*/\1/p' | tr ',' '\n' | grep -c '[a-z]')
[ "$format" -gt 0 ]
sed "s/@FORMAT@/$format/" "$1"
