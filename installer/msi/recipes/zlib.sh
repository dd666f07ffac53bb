# zlib: GLib's (and so libsoup's) gzip. Debian's archive lacks win32/, so it is compiled by hand.
source=zlib
recipe () {
  make_dll zlib1.dll libz.dll.a -D_FILE_OFFSET_BITS=64 adler32.c compress.c crc32.c deflate.c \
    gzclose.c gzlib.c gzread.c gzwrite.c infback.c inffast.c inflate.c inftrees.c trees.c \
    uncompr.c zutil.c
  install -D -m 644 -t "$stage$configured/include" zlib.h zconf.h
  make_pkg_config zlib "$(sed -n 's/^#define ZLIB_VERSION "\(.*\)"/\1/p' zlib.h)" -lz
}
