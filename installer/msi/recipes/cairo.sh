# cairo: what GTK draws with, into memory and with Windows' fonts; and its types for GObject, compiled
# by hand, so that its configure script needs no GLib.
source=cairo
recipe () {
  local version
  # The compiler is told what libtool drops from the flags of the linker.
  # With _FORTIFY_SOURCE it would want a library that libtool cannot link.
  configure_build . CC="$triplet-gcc-posix -fstack-protector-strong -static-libgcc" CFLAGS="$compile_flags -w" \
    --enable-win32 --enable-win32-font --enable-png --disable-gobject --disable-xlib --disable-xcb \
    --disable-ft --disable-fc --disable-ps --disable-svg --disable-script \
    --disable-trace --disable-interpreter --disable-gtk-doc --disable-valgrind --without-x
  sed -i 's/-Wp,-D_FORTIFY_SOURCE=2//g; s/-D_FORTIFY_SOURCE=2//g' Makefile src/Makefile
  make -C src -j"$jobs" ACLOCAL=: AUTOCONF=: AUTOMAKE=: AUTOHEADER=:
  make -C src install DESTDIR="$stage"
  version=$(sed -n 's/^Version: //p' "$stage$configured/lib/pkgconfig/cairo.pc")

  # shellcheck disable=SC2046
  make_dll libcairo-gobject-2.dll libcairo-gobject.dll.a -w -DHAVE_CONFIG_H \
    -DCAIRO_HAS_GOBJECT_FUNCTIONS=1 -I. -Isrc -I../src -I../util/cairo-gobject \
    $(pkg-config --cflags gobject-2.0) ../util/cairo-gobject/cairo-gobject-*.c \
    -L"$stage$configured/lib" -lcairo $(pkg-config --libs gobject-2.0) -Wl,--export-all-symbols
  install -m 644 -t "$stage$configured/include/cairo" ../util/cairo-gobject/cairo-gobject.h
  echo '#define CAIRO_HAS_GOBJECT_FUNCTIONS 1' >> "$stage$configured/include/cairo/cairo-features.h"
  make_pkg_config cairo-gobject "$version" -lcairo-gobject 'cairo gobject-2.0'
}
