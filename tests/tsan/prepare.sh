#!/bin/sh
# Builds the preload that knows GLib's locks into FOLDER, and proves with small programs that a real
# race is found through it and right code passes.
set -eu
folder=$1
here=$(dirname "$0")
flags=$(pkg-config --cflags --libs gio-2.0)
# shellcheck disable=SC2086
clang -O1 -fPIC -shared "$here/glib.c" -o "$folder/tsan-glib.so" $flags -ldl
# shellcheck disable=SC2086
clang -g -O1 -fsanitize=thread "$here/racy.c" -o "$folder/racy" $flags

run () {
  TSAN_OPTIONS="suppressions=$here/../tsan.supp exitcode=66" \
    env LD_PRELOAD="$folder/tsan-glib.so" "$folder/racy" "$1" > "$folder/racy-$1.log" 2>&1
}

status=0
run race || status=$?
[ "$status" = 66 ] || { echo "the race was not found (status $status)"; exit 1; }
grep -q 'data race.*racy.c' "$folder/racy-race.log" || grep -q 'racy.c' "$folder/racy-race.log"
for word in mutex cond task failure; do
  run "$word" || { echo "$word is right and was reported:"; head -n 60 "$folder/racy-$word.log"; exit 1; }
done
echo "race found; mutex, cond, task and failure pass"
