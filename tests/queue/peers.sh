#!/bin/sh
# Unpacks Debian's Exim and OpenSMTPD into FOLDER, as both want to be a machine's only mail server and
# cannot be installed beside Postfix.   peers.sh FOLDER
set -eu
packages="exim4-base exim4-daemon-light opensmtpd"
[ ! -e "$1/unpacked" ] || exit 0
rm -rf "$1"
mkdir -p "$1/debs"
cd "$1/debs"
# shellcheck disable=SC2086
apt-get -q download $packages 2> /dev/null || { apt-get -q update && apt-get -q download $packages; }
for deb in *.deb; do
  dpkg-deb -x "$deb" ..
done
rm -rf ../debs
touch ../unpacked
