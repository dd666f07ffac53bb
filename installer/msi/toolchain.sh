# Where the libraries lie, how they are compiled, and the three ways in which their projects are
# built (sourced by library.sh and build.sh).
#
# Everything is configured for the prefix /hauspost and installed into a stage, so that no path of
# this machine gets into a DLL; the .pc files are then pointed to where the files really lie.

home=${HAUSPOST_MINGW:-${XDG_CACHE_HOME:-$HOME/.cache}/hauspost-mingw}
sources=$home/sources
prefix=$home/prefix
triplet=x86_64-w64-mingw32
jobs=${HAUSPOST_JOBS:-$(nproc)}
configured=/hauspost

# No other Python, library path or compiler wrapper of the user's gets into the build.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset LIBRARY_PATH CPATH C_INCLUDE_PATH PKG_CONFIG_PATH CFLAGS CPPFLAGS LDFLAGS || true
export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig:$prefix/share/pkgconfig

# Whatever is dated gets the date of the last commit, in one time zone.
export TZ=UTC SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2> /dev/null || echo 1700000000)}

# The linker must know of the stack protector to add its library. ASLR and DEP are said although
# today's linker means them anyway: an older one does not.
compile_flags="-O2 -fstack-protector-strong -ffile-prefix-map=$home/build=."
link_flags='-fstack-protector-strong -static-libgcc -Wl,--dynamicbase,--high-entropy-va,--nxcompat'

quote_flags () { # FLAGS... as a list in meson's language
  printf "'%s', " "$@" | sed 's/, $//'
}

write_cross_files () {
  mkdir -p "$home"
  # shellcheck disable=SC2086
  sed -e "s|@PREFIX@|$prefix|g" -e "s|@TRIPLET@|$triplet|g" \
    -e "s|@COMPILE_FLAGS@|$(quote_flags $compile_flags)|" \
    -e "s|@LINK_FLAGS@|$(quote_flags $link_flags)|" "$here/cross.ini" > "$home/cross.ini"
  sed -e "s|@PREFIX@|$prefix|g" -e "s|@TRIPLET@|$triplet|g" \
    -e "s|@COMPILE_FLAGS@|$compile_flags|" -e "s|@LINK_FLAGS@|$link_flags|" \
    "$here/cross.cmake" > "$home/cross.cmake"
}

# Each of these runs in the unpacked source and installs into $stage.

meson_build () { # OPTIONS...
  meson setup work --cross-file "$home/cross.ini" --prefix="$configured" --libdir=lib \
    --buildtype=plain --default-library=shared --wrap-mode=nodownload "$@"
  ninja -C work -j"$jobs"
  DESTDIR=$stage meson install -C work --no-rebuild --quiet
}

cmake_build () { # FOLDER OPTIONS...
  cmake -G Ninja -S "$1" -B work -DCMAKE_TOOLCHAIN_FILE="$home/cross.cmake" \
    -DCMAKE_INSTALL_PREFIX="$configured" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_BUILD_TYPE=None \
    "${@:2}"
  ninja -C work -j"$jobs"
  DESTDIR=$stage ninja -C work install
}

# Debian's patches are younger than what automake made: without the touching it would run again.
configure_build () { # FOLDER OPTIONS...
  find . -name aclocal.m4 -exec touch {} +
  sleep 1
  find . \( -name configure -o -name Makefile.in -o -name 'config*.h.in' \) -exec touch {} +
  mkdir work
  cd work
  "../$1/configure" --host=$triplet --build=x86_64-linux-gnu --prefix="$configured" \
    --enable-shared --disable-static --disable-dependency-tracking \
    CC="$triplet-gcc-posix" CFLAGS="$compile_flags" CPPFLAGS="-I$prefix/include" \
    LDFLAGS="-L$prefix/lib $link_flags" "${@:2}"
}

# For what is compiled by hand: a DLL with its import library.
make_dll () { # NAME.dll IMPORT.dll.a FILES-AND-FLAGS...
  # shellcheck disable=SC2086
  $triplet-gcc-posix $compile_flags $link_flags -shared -o "$1" "${@:3}" -Wl,--out-implib,"$2"
  install -D -t "$stage$configured/bin" "$1"
  install -D -m 644 -t "$stage$configured/lib" "$2"
}

make_pkg_config () { # NAME VERSION LIBS [REQUIRES]
  mkdir -p "$stage$configured/lib/pkgconfig"
  cat > "$stage$configured/lib/pkgconfig/$1.pc" << END
prefix=$configured
Name: $1
Description: $1
Version: $2
Requires: ${4:-}
Libs: -L\${prefix}/lib $3
Cflags: -I\${prefix}/include
END
}
