# Puts the licences of all that is shipped into the payload's folder licences (sourced by build.sh): each
# library's own text, the general ones that these name, and an index.
. "$here/sources.sh"

common=/usr/share/common-licenses

pinned_file () { # PACKAGE PATTERN: its path; fetched when it is not there
  local package version file sum
  while read -r package version file sum; do
    [ "$package" = "$1" ] || continue
    # shellcheck disable=SC2254
    case $file in
      $2)
        file_is_pinned "$sources/$file" "$sum" || fetch_file "$package" "$version" "$file" "$sum" >&2
        echo "$sources/$file"
        return ;;
    esac
  done < "$pins"
}

version_of () { # PACKAGE
  case $1 in
    gcc) dpkg-query -W -f '${source:Version}' gcc-mingw-w64-x86-64-posix ;;
    mingw-w64) dpkg-query -W -f '${source:Version}' mingw-w64-x86-64-dev ;;
    adwaita-icon-theme) dpkg-query -W -f '${source:Version}' adwaita-icon-theme ;;
    *) sed -n "s/^$1 \([^ ]*\) .*/\1/p" "$pins" | head -n 1 ;;
  esac
}

# What Debian has written down of it, or upstream where only upstream's archive is there.
licence_of () { # PACKAGE
  local archive name
  case $1 in
    gcc) cat /usr/share/doc/gcc-mingw-w64-base/copyright; return ;;
    mingw-w64) cat /usr/share/doc/mingw-w64-x86-64-dev/copyright; return ;;
    adwaita-icon-theme) cat /usr/share/doc/adwaita-icon-theme/copyright; return ;;
  esac
  archive=$(pinned_file "$1" '*.debian.tar.*')
  if [ "$archive" ]; then
    tar -xOf "$archive" debian/copyright
  else
    archive=$(pinned_file "$1" '*.orig.tar.*')
    for name in $(tar -tf "$archive" | grep -E '^[^/]*/(LICEN[SC]E|COPYING)[^/]*$'); do
      tar -xOf "$archive" "$name"
    done
  fi
}

# Windows' editor wants lines that end in CR LF.
write_text () { # NAME, the text on standard input
  sed 's/\r*$/\r/' > "$payload/licences/$1.txt"
  [ -s "$payload/licences/$1.txt" ] || { echo "There is no licence of $1." >&2; return 1; }
}

index () {
  local name package
  cat << END
Hauspost is free software under the GNU General Public License, version 3 or later (hauspost.txt, GPL-3.txt).

It comes with these libraries. Their sources are Debian's source packages of the versions named here
(https://snapshot.debian.org/); how they were built is in Hauspost's own source, in installer/msi.
What a text calls $common/NAME lies here as NAME.txt.

END
  for name in $(cd "$payload/bin" && ls -- *.dll) icons; do
    package=$(sed -n "s/^$name //p" "$here/licences.txt")
    [ "$package" ] || { echo "licences.txt does not know $name." >&2; return 1; }
    printf '%-22s %-10s %-20s %s.txt\n' "$name" "$package" "$(version_of "$package")" "$package"
  done
}

collect_licences () {
  local package name
  rm -rf "$payload/licences"
  mkdir -p "$payload/licences"
  for package in $(sed -n 's/^[^#]* //p' "$here/licences.txt" | sort -u); do
    licence_of "$package" | write_text "$package"
  done
  write_text hauspost < "$tree/installer/deb/copyright"
  cat "$payload"/licences/*.txt | grep -oE "$common/[A-Za-z0-9.-]*[A-Za-z0-9]" | sort -u |
    while IFS= read -r name; do
      write_text "${name##*/}" < "$name" || exit
    done
  index | write_text index
  chmod 644 "$payload"/licences/*
  echo "Licences: $(find "$payload/licences" -type f | wc -l) files"
}
