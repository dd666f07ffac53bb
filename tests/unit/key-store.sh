#!/bin/sh
# key-store.sh DBUS-RUN-SESSION KEYRING TEST: the test in a session of its own, whose keyring is opened by an
# empty password and lies in a folder that goes with it.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_DATA_HOME="$home/share" XDG_RUNTIME_DIR="$home"
mkdir "$home/share"
echo > "$home/password"
"$1" -- sh -c '
  "$0" --foreground --unlock --components=secrets < "$HOME/password" > /dev/null 2>&1 &
  keyring=$!
  for i in 1 2 3 4 5 6 7 8 9 10; do [ -e "$HOME/keyring/control" ] && break; sleep 0.3; done
  "$1"; status=$?
  kill "$keyring"; wait "$keyring" 2> /dev/null
  exit $status' "$2" "$3"
