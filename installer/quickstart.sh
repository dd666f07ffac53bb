#!/bin/sh
# A demo office on this machine: installs the build packages, builds, starts the daemon on loopback,
# sends a first mail and reads it back, then says how to go on. Stays until Ctrl-C.
#   sh installer/quickstart.sh [--check]      --check ends there: 0 when the mail came back
set -eu
cd "$(dirname "$0")/.."
check=
case ${1:-} in
  '') ;;
  --check) check=yes ;;
  *) echo "usage: quickstart.sh [--check]" >&2; exit 2 ;;
esac

build=${HAUSPOST_BUILD:-build}
hostname=mail.demo.example
domain=demo.example
user=anna@$domain
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in de*) german=yes ;; *) german= ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hauspost-quickstart.XXXXXX")
daemon=

say () { # ENGLISH GERMAN
  if [ "$german" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

finish () {
  status=$?
  trap - EXIT INT TERM
  if [ "$daemon" ]; then
    kill "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
  fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 0' INT TERM

fail () { # ENGLISH GERMAN [LOG]
  say "Sorry: $1" "Das ging schief: $2" >&2
  [ ! -f "${3:-}" ] || tail -n 40 "$3" >&2
  exit 1
}

install_packages () {
  packages="meson ninja-build gcc pkg-config gettext curl ca-certificates libglib2.0-dev libssl-dev
    libsqlite3-dev libzstd-dev libjansson-dev libcurl4-openssl-dev libsoup-3.0-dev libxml2-dev libqrencode-dev libunbound-dev zlib1g-dev"
  # shellcheck disable=SC2013
  for package in $(cat tests/packages.txt); do
    case $package in lib*-dev) packages="$packages $package" ;; esac
  done
  missing=
  for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
  done
  [ "$missing" ] || return 0
  say "Installing what the build needs …" "Installiere, was der Bau braucht …"
  [ "$(id -u)" = 0 ] ||
    fail "please run this as root, or install:$missing" "bitte als root starten oder installieren:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  { apt-get update && apt-get install -y --no-install-recommends $missing; } \
    > "$work/apt.log" 2>&1 ||
    fail "the packages could not be installed" "die Pakete ließen sich nicht installieren" "$work/apt.log"
}

build_programs () {
  say "Building (a minute or two) …" "Baue (ein, zwei Minuten) …"
  { [ -f "$build/build.ninja" ] || meson setup "$build"; } > "$work/build.log" 2>&1 &&
    ninja -C "$build" >> "$work/build.log" 2>&1 ||
    fail "the build failed" "der Bau ist fehlgeschlagen" "$work/build.log"
}

is_free () { # BASE: nobody listens on its ports (curl's status 7: connection refused)
  for port in 24 25 80 110 143 443 465 587 993 995 4190 8420; do
    answer=0
    curl -s -m 1 "telnet://127.0.0.1:$(($1 + port))" < /dev/null > /dev/null 2>&1 || answer=$?
    [ "$answer" = 7 ] || return 1
  done
}

make_office () {
  base=20000
  until is_free "$base"; do
    base=$((base + 50))
    [ "$base" -lt 24000 ] || fail "no free ports" "keine freien Ports"
  done
  password=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
  {
    "$build/daemon/hauspost" init --data "$work/data" --hostname "$hostname" --domain "$domain" \
      --base "$base"
  } > "$work/init.log" 2>&1 ||
    fail "the office could not be made" "das Büro ließ sich nicht anlegen" "$work/init.log"
  export HAUSPOST_CONFIG="$work/data/hauspost.conf"
  "$build/daemon/hauspostd" --config "$HAUSPOST_CONFIG" > "$work/daemon.log" 2>&1 &
  daemon=$!
  tries=0
  until curl -s -m 2 "imap://127.0.0.1:$((base + 143))/" -X NOOP > /dev/null 2>&1 ||
    curl -s -m 2 "smtp://127.0.0.1:$((base + 25))/" -X NOOP > /dev/null 2>&1; do
    tries=$((tries + 1))
    { kill -0 "$daemon" 2> /dev/null && [ "$tries" -lt 100 ]; } ||
      fail "the daemon does not answer" "der Dienst antwortet nicht" "$work/daemon.log"
    sleep 0.1
  done
  printf '%s\n' "$password" |
    "$build/daemon/hauspost" user add "$user" --password-stdin > "$work/user.log" 2>&1 ||
    fail "the user could not be made" "das Konto ließ sich nicht anlegen" "$work/user.log"
  printf 'user = "%s:%s"\n' "$user" "$password" > "$work/login"
  chmod 600 "$work/login"
}

# The certificate is the office's own and new, so curl is told not to ask who vouches for it.
mail () {
  curl -sS -m 30 -K "$work/login" --resolve "$hostname:$((base + 587)):127.0.0.1" \
    --resolve "$hostname:$((base + 993)):127.0.0.1" --insecure --ssl-reqd "$@"
}

first_mail () {
  say "Sending a first mail through submission (TLS, password) …" \
    "Sende eine erste Mail über Submission (TLS, Passwort) …"
  mark=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\r\n' "From: Anna <$user>" "To: Anna <$user>" "Subject: Welcome $mark" \
    "MIME-Version: 1.0" "Content-Type: text/plain; charset=utf-8" "" \
    "This mail went through Hauspost." > "$work/mail"
  mail "smtp://$hostname:$((base + 587))/client.example" --mail-from "$user" --mail-rcpt "$user" \
    --upload-file "$work/mail" > "$work/send.log" 2>&1 ||
    fail "the mail was not taken" "die Mail wurde nicht angenommen" "$work/send.log"
  say "Reading it back over IMAP …" "Lese sie über IMAP zurück …"
  tries=0
  until mail "imaps://$hostname:$((base + 993))/INBOX;MAILINDEX=1" > "$work/back" 2> "$work/read.log" &&
    grep -q "Welcome $mark" "$work/back"; do
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] ||
      fail "the mail did not come back" "die Mail kam nicht zurück" "$work/read.log"
    sleep 0.1
  done
  say "The mail is there." "Die Mail ist da."
}

next_steps_english () {
  cat <<TXT

Your demo office runs on this machine only. It is thrown away when you end it.

In Thunderbird: Menu > New account > Email, then "Configure manually":
  Your name         Anna
  Email address     $user
  Password          $password
  Incoming server   IMAP   127.0.0.1   port $((base + 993))   SSL/TLS   Normal password
  Outgoing server   SMTP   127.0.0.1   port $((base + 587))   STARTTLS  Normal password
  User name         $user
  The certificate is the demo's own: Thunderbird asks once for each server, confirm the exception.

More people, and what is going on (in another terminal):
  export HAUSPOST_CONFIG=$HAUSPOST_CONFIG
  $PWD/$build/daemon/hauspost user add bert@$domain
  $PWD/$build/daemon/hauspost status
TXT
}

next_steps_german () {
  cat <<TXT

Ihr Demo-Büro läuft nur auf diesem Rechner. Es wird beim Beenden weggeworfen.

In Thunderbird: Menü > Neues Konto > E-Mail, dann „Manuell einrichten“:
  Ihr Name            Anna
  E-Mail-Adresse      $user
  Passwort            $password
  Posteingangsserver  IMAP   127.0.0.1   Port $((base + 993))   SSL/TLS   Passwort, normal
  Postausgangsserver  SMTP   127.0.0.1   Port $((base + 587))   STARTTLS  Passwort, normal
  Benutzername        $user
  Das Zertifikat ist das eigene der Demo: Thunderbird fragt je Server einmal, bestätigen Sie die Ausnahme.

Weitere Personen, und was gerade geschieht (in einem anderen Terminal):
  export HAUSPOST_CONFIG=$HAUSPOST_CONFIG
  $PWD/$build/daemon/hauspost user add bert@$domain
  $PWD/$build/daemon/hauspost status
TXT
}

next_steps () {
  if [ "$german" ]; then next_steps_german; else next_steps_english; fi
  if [ -x "$build/gui/hauspost-panel" ]; then
    say "The control panel:" "Das Bedienfeld:"
    echo "  $PWD/$build/gui/hauspost-panel"
  else
    say "The control panel comes later; the command line can do everything it will." \
      "Das Bedienfeld kommt später; die Kommandozeile kann alles, was es können wird."
  fi
  say "For good: sh installer/deb/build.sh makes a Debian package of it." \
    "Für immer: sh installer/deb/build.sh macht ein Debian-Paket daraus."
  echo
  say "Ctrl-C ends the demo." "Strg-C beendet die Demo."
}

install_packages
build_programs
make_office
first_mail
[ ! "$check" ] || exit 0
next_steps
wait "$daemon" || fail "the daemon ended" "der Dienst hat sich beendet" "$work/daemon.log"
