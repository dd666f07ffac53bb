# Makes the MSI of the payload (sourced by build.sh): wixl packs the files, tables.sh adds what wixl
# does not know, sign.sh signs when a key is named. Every identifier follows from the version and the
# contents, so that two builds of one payload are the same product.
. "$here/tables.sh"
. "$here/sign.sh"

# One for each kind of thing; the upgrade code is the product's for ever.
upgrade='{6E3F41F0-2F0A-4C0B-8D5E-6A3A4F5B9C21}'
namespace=5b0ee0a0-6d8c-4b6f-9a51-2f6b3a6a8f10

guid_of () { # TEXT
  python3 -c 'import sys, uuid; print (str (uuid.uuid5 (uuid.UUID (sys.argv[1]), sys.argv[2])).upper ())' \
    "$namespace" "$1"
}

program_version () {
  meson introspect --projectinfo "$build" |
    python3 -c 'import json, sys; print (json.load (sys.stdin)["version"])'
}

# The DLL of the custom actions needs nothing but Windows' own DLLs: it runs before and after ours are
# there. The linker makes its address of the name that it is given: a folder must not be in it.
build_actions () {
  cd "$build"
  # shellcheck disable=SC2086
  $triplet-gcc-posix $compile_flags -Wall -Wextra -Wno-unused-parameter -Werror -municode \
    -DUNICODE -D_UNICODE -D_WIN32_WINNT=0x0A00 $link_flags -static -shared -s \
    -o actions.dll "$here"/actions/*.c "$here/actions/actions.def" \
    -lmsi -lole32 -lshell32 -luuid
  python3 "$here/dates.py" "$SOURCE_DATE_EPOCH" actions.dll
}

# Asks for the administrator's rights, then opens a window in which WORDS run.
elevated () { # WORDS
  printf '%s' "-NoProfile -WindowStyle Hidden -Command \"Start-Process cmd -Verb RunAs -ArgumentList '/k \\\"\\\"[BINFOLDER]hauspost.exe\\\" $1\\\"'\""
}

# A cabinet holds the files' dates.
same_dates () {
  find "$payload" "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# An MSI holds the time at which it was written: these programs see a clock that stands.
at_one_time () { # COMMAND...
  faketime -f "$(date -d "@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M:%S')" "$@"
}

# The package code tells Windows whether two files are the same package.
stamp_package () {
  local contents
  contents=$(cd "$payload" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum |
    cat - "$here/hauspost.wxs" "$here/tables.sh" "$work/actions.dll" | sha256sum)
  at_one_time msibuild "$msi" -s Hauspost Hauspost 'x64;0' "{$(guid_of "package $version $contents")}"
}

# wixl finds files by relative names only.
pack () {
  cd "$build"
  python3 "$here/components.py" payload "$version" panel-files > package/files.wxs
  cp "$here/hauspost.wxs" package/
  at_one_time wixl -a x64 -o "$msi" -D "VERSION=$version" -D "PRODUCT=$(guid_of "product $version")" \
    -D "PATHCOMPONENT=$(guid_of "path $version")" -D ACTIONS=package/actions.dll \
    -D "SETUP=$(elevated init)" -D "COMMAND=$(elevated status)" \
    package/hauspost.wxs package/files.wxs
}

make_package () {
  version=${HAUSPOST_MSI_VERSION:-$(program_version)}
  work=$build/package
  msi=$build/hauspost-$version-x64.msi
  rm -rf "$work" "$msi"
  mkdir -p "$work"
  cp "$build/actions.dll" "$work/"
  same_dates
  sign "$payload"/bin/hauspost*.exe "$work/actions.dll"
  pack
  patch_tables
  stamp_package
  sign "$msi"
  ls -l "$msi"
}
