#!/bin/sh
# Finds the files with texts for people, writes POTFILES, and brings de.po up to date.
#   po/update.sh           changes po/
#   po/update.sh --check   changes nothing: fails when a file is not listed or a text is not translated
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

grep -rlE '\b(N?_|ngettext) \(|translatable="yes"' --include='*.c' --include='*.ui' daemon gui platform \
  2> /dev/null | LC_ALL=C sort \
  > "$work/POTFILES"
xgettext --no-location --from-code=UTF-8 --add-comments --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
  --package-name=hauspost --files-from="$work/POTFILES" --output="$work/hauspost.pot"
msgmerge --quiet --no-fuzzy-matching po/de.po "$work/hauspost.pot" --output-file="$work/de.po"

if [ "${1:-}" = --check ]; then
  diff po/POTFILES "$work/POTFILES" || { echo "POTFILES is not complete: run po/update.sh"; exit 1; }
  ! msgattrib --only-fuzzy po/de.po | grep -A 3 '^msgid' || { echo "fuzzy texts"; exit 1; }
  msgfmt --check --statistics --output-file="$work/de.mo" "$work/de.po" 2> "$work/statistics" ||
    { cat "$work/statistics"; exit 1; }
  cat "$work/statistics"
  ! grep -qE 'untranslated|fuzzy' "$work/statistics" ||
    { msgattrib --untranslated --no-obsolete "$work/de.po"; exit 1; }
else
  cp "$work/POTFILES" po/POTFILES
  msgattrib --no-obsolete "$work/de.po" --output-file=po/de.po
  msgfmt --statistics --output-file=/dev/null po/de.po
fi
