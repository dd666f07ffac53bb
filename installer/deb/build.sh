#!/bin/sh
# Makes hauspost_VERSION_ARCHITECTURE.deb on a Debian 12 machine, and nothing but it is needed.
#
#   sh installer/deb/build.sh [FOLDER]      FOLDER: where the packages go (default: build-deb)
#
# As root it installs what the build needs. Two builds of one source are equal byte by byte.
set -eu
cd "$(dirname "$0")/../.."
source=$PWD
mkdir -p "${1:-build-deb}"
target=$(cd "${1:-build-deb}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/hauspost-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

needed () {
  sed -n '/^Build-Depends:/,/^[A-Z]/s/^ \([^ ,(]*\).*/\1/p' installer/deb/control |
    sed 's/^debhelper-compat$/debhelper/; s/^dh-sequence-installsysusers$//'
  echo build-essential
}

install_packages () {
  missing=
  for package in $(needed); do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
  done
  [ "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Please install as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  apt-get update
  # shellcheck disable=SC2086
  apt-get install -y --no-install-recommends $missing
}

# What a checkout holds, without what was built there. The files are as old as the changelog says,
# so that no date of this machine gets into the package.
copy_source () {
  tree=$work/hauspost
  mkdir "$tree"
  tar -C "$source" --exclude=./.git --exclude='./build*' --exclude=__pycache__ -cf - . |
    tar -C "$tree" -xf -
  ln -s installer/deb "$tree/debian"
  chmod -R u=rwX,go=rX "$tree"
  SOURCE_DATE_EPOCH=$(cd "$tree" && dpkg-parsechangelog -S Timestamp)
  export SOURCE_DATE_EPOCH
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

install_packages
copy_source
(cd "$work/hauspost" && dpkg-buildpackage -b -us -uc --jobs="${JOBS:-auto}")
cp "$work"/hauspost_* "$work"/hauspost-* "$target/"
echo
ls -l "$target"/*.deb
