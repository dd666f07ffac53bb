#!/bin/bash
# Builds the Windows libraries from Debian's source packages, once, into a cache outside the tree
# ($HAUSPOST_MINGW, usually ~/.cache/hauspost-mingw). A library whose recipe and pins have not
# changed is not built again.
#   libraries.sh [daemon | panel | NAME...]      without a word: all
#   libraries.sh --check      builds nothing: is all there?
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/toolchain.sh"

# In the order in which they need each other; recipes/NAME.sh says what each is there for.
daemon='runtime zlib libffi pcre2 intl glib sqlite zstd jansson openssl curl psl nghttp2 soup unbound xml qrencode'
panel='png pixman fribidi harfbuzz cairo pango pixbuf graphene epoxy gtk adwaita'

# What a library is made from: its recipe, its pins and the flags of all.
key_of () { # NAME
  source=$(sed -n 's/^source=//p' "$here/recipes/$1.sh")
  {
    echo "$compile_flags $link_flags"
    cat "$here/recipes/$1.sh"
    grep "^${source:-none} " "$here/libraries.txt" || true
  } | sha256sum
}

is_built () { # NAME
  [ -f "$home/stamps/$1" ] && [ "$(cat "$home/stamps/$1")" = "$(key_of "$1")" ]
}

build () { # NAME "[n/m]"
  if is_built "$1"; then return 0; fi
  key=$(key_of "$1")
  printf '%s %-8s ' "$2" "$1"
  TIMEFORMAT='%R %U %S'
  # A process of its own: "set -e" inside works only where nobody asks for the status.
  if ! { time bash "$here/library.sh" "$1" > "$home/log/$1.log" 2>&1; } 2> "$home/log/$1.time"; then
    echo "failed; the end of $home/log/$1.log:"
    tail -n 30 "$home/log/$1.log"
    exit 1
  fi
  awk '{ printf "%4.0f s (CPU %.0f s)\n", $1, $2 + $3 }' "$home/log/$1.time"
  rm -rf "$home/build/$1" "$home/build/$1.stage"
  echo "$key" > "$home/stamps/$1"
}

case ${1:-all} in
  all) names="$daemon $panel" ;;
  daemon) names=$daemon ;;
  panel) names=$panel ;;
  --check)
    for name in $daemon $panel; do is_built "$name" || exit 1; done
    exit 0 ;;
  -*) echo 'usage: libraries.sh [daemon | panel | NAME... | --check]' >&2; exit 2 ;;
  *) names=$* ;;
esac
started=$SECONDS
mkdir -p "$home/log" "$home/stamps" "$home/build"
# One builder at a time: a second one waits, and then finds all done.
exec 9> "$home/lock"
flock 9
rm -f "$home/apt-is-fresh"
write_cross_files
# shellcheck disable=SC2086
set -- $names
number=0
for name in "$@"; do
  number=$((number + 1))
  build "$name" "[$(printf %2d $number)/$#]"
done
echo "Libraries: $prefix, $# of $# ready after $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
