#!/bin/sh
# Installs what the tests need, builds and runs them all. The last line is "N passed, N failed".
#
#   sh tests/run.sh [PART…]      unit talk crash clients panel clang quickstart deb, or only these
#                                ("all": with the sanitizers, about 40 minutes, and with Windows
#                                where its libraries are there):
#     unit        gcc build, warnings are errors; unit tests, fuzz seeds, layers, German
#     talk        protocol conversations        crash       the daemon is killed and must keep its word
#     clients     curl, swaks, mbsync, NeoMutt, ImapFlow and others, and clients that mean harm
#     panel       the control panel as a screen reader sees it, on a screen of its own: the first run, people,
#                 certificates, mail flow, settings; in English and German, and how fast it is
#     outside     talk, crash, clients and panel at once
#     desktop     Thunderbird and Evolution on a screen of their own (780 MB to install)
#     clang       the same build by clang       asan        address and undefined behaviour: unit, talk
#     deb         the Debian packages on a machine that boots (root)
#     msi         the MSI under Wine: installed, upgraded, taken back, removed; the same bytes twice; each
#                 page of the control panel, in two languages (libraries: three quarters of an hour, once)
#     tsan        data races: unit tests        quickstart  the first mail of a new office
#     windows     unit, fuzz, talk, crash and a thousand sessions as Windows programs under Wine
#                 (also --windows; libraries that are not there yet take a quarter of an hour more)
set -u
cd "$(dirname "$0")/.." || exit 2
usual="unit talk crash clients panel clang quickstart deb"
parts=${*:-$usual}
logs=$(mktemp -d "${TMPDIR:-/tmp}/hauspost-tests.XXXXXX") || exit 2
trap 'rm -rf "$logs"' EXIT
: > "$logs/results"

result () { # PASSED FAILED SKIPPED
  echo "$1 $2 $3" >> "$logs/results"
}

# Who sees the end of the output alone must see all that failed.
note_failure () { # TEXT
  printf '  %.200s\n' "$1" >> "$logs/failures"
}

fail () { # TEXT: one point, which is told already
  note_failure "$1"
  result 0 1 0
}

heading () {
  printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"
}

install_packages () { # FILE…: lists of packages
  missing=
  for package in $(cat "$@"); do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)
    [ "$state" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  heading "install:$missing"
  if [ "$(id -u)" != 0 ]; then
    echo "Please install as root: apt-get install --no-install-recommends$missing"
    return 1
  fi
  # shellcheck disable=SC2086
  { apt-get update && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing; } > "$logs/apt" 2>&1 ||
    { tail -n 30 "$logs/apt"; return 1; }
}

step () { # NAME COMMAND…: one test that is a command; its output is shown when it fails
  name=$1 since=$(date +%s)
  shift
  if "$@" > "$logs/step" 2>&1; then
    echo "ok: $name ($(($(date +%s) - since)) s)"
    result 1 0 0
  else
    echo "FAILED: $name"
    grep -nE 'error:|warning:|FAILED' "$logs/step" | head -n 20
    tail -n 40 "$logs/step"
    fail "$name"
    return 1
  fi
}

# What was compiled for an earlier run is not compiled again, even in another folder.
launcher=
export CCACHE_NOHASHDIR=1

compile () { # FOLDER COMPILER OPTION…
  folder=$1 compiler=$2
  shift 2
  if [ ! -f "$folder/build.ninja" ]; then
    rm -rf "$folder"
    compiler="$launcher$compiler"
    # There is a program to link for every test: gold takes a quarter of the time.
    CC=$compiler CC_LD=gold meson setup "$folder" --werror "$@" || return 1
  fi
  ninja -C "$folder"
}

built () { # like compile, as a step
  step "build $1" compile "$@"
}

suites () { # FOLDER SUITE… [-- OPTION…]: runs suites of meson's tests and counts each point
  folder=$1 chosen='' since=$(date +%s)
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    chosen="$chosen --suite $1"
    shift
  done
  [ $# -eq 0 ] || shift
  rm -f "$folder"/meson-logs/run*.json
  # shellcheck disable=SC2086
  meson test -C "$folder" --no-rebuild --logbase run --num-processes 2 $chosen "$@" \
    > "$logs/meson" 2>&1
  status=$?
  # Behind a wrapper meson adds the wrapper's name to the log's.
  python3 tests/count.py "$(echo "$folder"/meson-logs/run*.json)" "$status" "$logs/meson" \
    "$logs/results" "$logs/failures"
  echo "($(($(date +%s) - since)) s)"
}

part_unit () {
  built build-gcc gcc && suites build-gcc unit fuzz layers german
}

part_talk () {
  built build-gcc gcc && suites build-gcc talk
}

part_crash () {
  built build-gcc gcc && suites build-gcc crash
}

part_clients () {
  built build-gcc gcc && suites build-gcc clients
}

part_panel () {
  built build-gcc gcc && suites build-gcc panel
}

# Whoever looks from outside mostly waits: for disks, timers, other programs.
part_outside () {
  built build-gcc gcc && suites build-gcc talk crash clients panel -- --num-processes 3 -t 2
}

part_desktop () {
  install_packages tests/packages-desktop.txt || { fail "packages for the desktop" && return; }
  built build-gcc gcc && suites build-gcc desktop
}

# clang takes a GMutexLocker that only lives and dies for an unused variable; gcc knows better.
clang_options=-Dc_args=-Wno-unused-variable

part_clang () {
  built build-clang clang $clang_options && suites build-clang unit
}

part_asan () {
  export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
  export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  export LSAN_OPTIONS=suppressions="$PWD/tests/lsan.supp"
  built build-asan gcc -Db_sanitize=address,undefined -Doptimization=1 \
    -Dc_args=-fno-sanitize-recover=all && suites build-asan unit fuzz talk -- -t 4
}

# GLib as Debian builds it is not known to the race detector: its locks are told by tests/tsan.
part_tsan () {
  built build-tsan clang $clang_options -Db_sanitize=thread -Db_lundef=false -Doptimization=1 || return
  step "the race detector finds a race and knows GLib's locks" \
    sh tests/tsan/prepare.sh "$PWD/build-tsan" || return
  TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp halt_on_error=0 exitcode=66" \
    suites build-tsan unit -- -t 8 --wrapper "env LD_PRELOAD=$PWD/build-tsan/tsan-glib.so"
}

part_quickstart () {
  HAUSPOST_BUILD=build-gcc step "quickstart --check" timeout 600 sh installer/quickstart.sh --check
}

points () { # COMMAND…: each point of a program that prints TAP
  "$@" > "$logs/points" 2>&1
  status=$?
  grep -E '^(not ok|Bail out|#)' "$logs/points"
  grep -E '^(not ok|Bail out)' "$logs/points" | while read -r line; do note_failure "$line"; done
  passed=$(grep -c '^ok ' "$logs/points")
  failed=$(grep -c '^not ok ' "$logs/points")
  [ "$status" = 0 ] || [ "$failed" != 0 ] || {
    failed=1
    tail -n 20 "$logs/points"
    note_failure "$* ended with $status"
  }
  echo "$passed passed, $failed failed: $*"
  result "$passed" "$failed" 0
}

part_deb () {
  step "build the packages" sh installer/deb/build.sh build-deb || return
  step "lintian" lintian --fail-on error,warning build-deb/*.changes
  step "the desktop's file" desktop-file-validate gui/data/*.desktop
  step "AppStream's file" appstreamcli validate --no-net gui/data/*.metainfo.xml
  # With one compiler at a time; the machine that boots mostly waits.
  step "a second build is the same" sh tests/deb/reproducible.sh build-deb &
  deb_life
  wait
}

deb_life () {
  if [ -z "$(ls /sys/fs/cgroup 2> /dev/null)" ]; then
    echo "skipped: the package's life, as no system can boot where there are no control groups"
    result 0 0 1
    return
  fi
  points python3 tests/deb/install.py build-deb
}

part_msi () {
  install_packages tests/packages-windows.txt || { fail "packages for Windows" && return; }
  . tests/windows/wine.sh
  step "build the MSI" sh installer/msi/build.sh || return
  # Wine mostly waits: time enough for a compiler.
  step "a second build is the same" sh tests/msi/reproducible.sh build-win &
  points $HAUSPOST_FIXED timeout 2400 python3 tests/msi/install.py build-win
  points $HAUSPOST_FIXED timeout 900 python3 tests/panel/wine.py build-win
  wait
}

part_windows () {
  install_packages tests/packages-windows.txt || { fail "packages for Windows" && return; }
  . tests/windows/wine.sh
  step "Wine starts" wine_begin "$logs/wine" || return
  trap wine_end EXIT
  # A folder that was configured without Wine cannot run its tests.
  [ -f build-win/wrapper.ini ] || rm -rf build-win
  step "build for Windows" bash installer/msi/build.sh --program-only || return
  suites build-win unit fuzz talk crash many -- -t 3
  [ -f build-gcc/build.ninja ] || CC="${launcher}gcc" meson setup build-gcc --werror > "$logs/setup" ||
    { fail "setup of build-gcc" && return; }
  python3 tests/windows/left-out.py build-gcc build-win unit fuzz talk crash || fail "a test is left out on Windows"
}

# A run that must end in time ($HAUSPOST_TEST_MINUTES, whole) leaves out what would not.
begun=$(date +%s)
fits () { # PART MINUTES
  [ -n "${HAUSPOST_TEST_MINUTES:-}" ] || return 0
  [ $(($(date +%s) - begun + $2 * 60)) -gt $((HAUSPOST_TEST_MINUTES * 60)) ] || return 0
  printf '\nskipped: %s, as it needs %s minutes, and the run must end in %s\n' "$1" "$2" \
    "$HAUSPOST_TEST_MINUTES"
  result 0 0 1
  return 1
}

install_packages tests/packages.txt || { echo "0 passed, 1 failed"; exit 1; }
! command -v ccache > /dev/null || launcher='ccache '
# The race detector's build is clang's already.
if [ "$parts" = all ]; then
  parts="unit outside quickstart deb asan tsan"
  if bash installer/msi/libraries.sh --check; then
    parts="$parts windows msi"
  else
    echo "skipped: windows and msi, as the libraries for Windows are not there (installer/msi/libraries.sh)"
    result 0 0 2
  fi
fi
for part in $parts; do
  part=${part#--}
  case $part in
    windows) fits windows 38 || continue ;;
    msi) fits msi 12 || continue ;;
  esac
  case $part in
    unit|talk|crash|clients|panel|outside|desktop|clang|asan|tsan|quickstart|deb|msi|windows)
      heading "$part"
      (part_"$part")
      ;;
    *)
      echo "There is no part $part" >&2
      exit 2
      ;;
  esac
done

echo
if [ -s "$logs/failures" ]; then
  echo "What failed:"
  head -n 20 "$logs/failures"
fi
awk '{ passed += $1; failed += $2; skipped += $3 }
  END {
    line = sprintf("%d passed, %d failed", passed, failed)
    if (skipped) line = line sprintf(", %d skipped", skipped)
    print line
    exit failed || !passed
  }' "$logs/results"
