#!/bin/bash
# Makes the MSI of another version from the same programs, for upgrades.
#   variant.sh BUILD VERSION FOLDER [DAEMON.exe]     DAEMON.exe takes the place of hauspostd.exe
# The MSI is FOLDER/hauspost-VERSION-x64.msi.
set -eu -o pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
here=$tree/installer/msi
first=$(realpath "$1") HAUSPOST_MSI_VERSION=$2
[ -z "${4:-}" ] || daemon=$(realpath "$4")
mkdir -p "$3"
build=$(realpath "$3")
payload=$build/payload
. "$here/toolchain.sh"
. "$here/package.sh"

rm -rf "$payload"
cp -a "$first/payload" "$payload"
cp "$first/actions.dll" "$first/panel-files" "$build/"
[ -z "${daemon:-}" ] || cp "$daemon" "$payload/bin/hauspostd.exe"
make_package
