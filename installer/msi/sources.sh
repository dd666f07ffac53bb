# Fetches the pinned source files of a library and unpacks them (sourced by library.sh).
# apt runs on a private copy of the machine's own entries with deb-src: /etc/apt stays as it is.
# Pinned versions are security updates as often as not, and a machine fresh from debootstrap does
# not know where these lie.

security_archive='http://deb.debian.org/debian-security bookworm-security main'

apt_home=$home/apt
pins=$here/libraries.txt

make_apt_home () {
  mkdir -p "$apt_home/entries" "$apt_home/state/lists/partial" "$apt_home/cache/archives/partial"
  find /etc/apt/sources.list.d -name '*.sources' -exec sed 's/^Types:.*/Types: deb-src/' {} + \
    > "$apt_home/entries/source.sources"
  find /etc/apt -name '*.list' -exec sed -n 's/^deb /deb-src /p' {} + > "$apt_home/entries/source.list"
  grep -qr -- -security "$apt_home/entries" ||
    echo "deb-src $security_archive" >> "$apt_home/entries/source.list"
  cat > "$apt_home/apt.conf" << END
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt_home/entries";
Dir::State "$apt_home/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$apt_home/cache";
APT::Sandbox::User "$(id -un)";
END
}

# Only when a file is missing is the mirror asked, and its index read once a run.
refresh_apt () {
  [ ! -e "$home/apt-is-fresh" ] || return 0
  make_apt_home
  APT_CONFIG=$apt_home/apt.conf apt-get -qq update
  : > "$home/apt-is-fresh"
}

file_is_pinned () { # PATH SHA256
  [ -f "$1" ] && [ "$(sha256sum < "$1")" = "$2  -" ]
}

refuse_version () { # PACKAGE VERSION
  echo "$1 $2 is not on the mirror; it has:" \
    "$(APT_CONFIG=$apt_home/apt.conf apt-cache showsrc "$1" | sed -n 's/^Version: //p' | sort -u | tr '\n' ' ')"
  echo "Put the files of $1 $2 into $sources, or change installer/msi/libraries.txt."
  exit 1
}

fetch_file () { # PACKAGE VERSION FILE SHA256
  refresh_apt
  address=$(APT_CONFIG=$apt_home/apt.conf apt-get --print-uris --only-source source "$1=$2" |
    sed -n "s|^'\([^']*\)' $3 .*|\1|p" || true)
  [ "$address" ] || refuse_version "$1" "$2"
  rm -f "$sources/$3"
  APT_CONFIG=$apt_home/apt.conf /usr/lib/apt/apt-helper download-file "$address" "$sources/$3" ||
    { echo "$3 cannot be fetched from $address"; exit 1; }
  file_is_pinned "$sources/$3" "$4" ||
    { echo "$3 is not the pinned file: its SHA-256 is $(sha256sum < "$sources/$3")"; exit 1; }
}

# With a .dsc Debian's patches are applied (security fixes are among them), else upstream's
# archive alone is unpacked.
unpack () { # PACKAGE FOLDER
  description= archive=
  while read -r package version file sum; do
    [ "$package" = "$1" ] || continue
    file_is_pinned "$sources/$file" "$sum" || fetch_file "$package" "$version" "$file" "$sum"
    case $file in
      *.dsc) description=$sources/$file ;;
      *.orig.tar.*) archive=$sources/$file ;;
    esac
  done < "$pins"
  rm -rf "$2"
  if [ "$description" ]; then
    dpkg-source --no-check -x "$description" "$2"
  else
    mkdir -p "$2"
    tar -xf "$archive" -C "$2" --strip-components=1
  fi
}
