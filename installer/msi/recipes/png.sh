# libpng: the panel's icons. A dozen files: compiled by hand, it takes seconds.
source=libpng1.6
recipe () {
  local version
  cp scripts/pnglibconf.h.prebuilt pnglibconf.h
  make_dll libpng16-16.dll libpng.dll.a -I"$prefix/include" png.c pngerror.c pngget.c pngmem.c \
    pngpread.c pngread.c pngrio.c pngrtran.c pngrutil.c pngset.c pngtrans.c pngwio.c pngwrite.c \
    pngwtran.c pngwutil.c -L"$prefix/lib" -lz
  install -D -m 644 -t "$stage$configured/include" png.h pngconf.h pnglibconf.h
  version=$(sed -n 's/^#define PNG_LIBPNG_VER_STRING "\(.*\)"/\1/p' png.h)
  make_pkg_config libpng "$version" -lpng zlib
}
