# nghttp2: libsoup does not build without it.
source=nghttp2
recipe () {
  # mingw has both clocks, and the file defines a fallback for the one it does not look for.
  sed -i 's/^#ifndef HAVE_GETTICKCOUNT64/#if !defined(HAVE_GETTICKCOUNT64) || defined(HAVE_CLOCK_GETTIME)/' \
    lib/nghttp2_time.c
  cmake_build . -DENABLE_LIB_ONLY=ON -DENABLE_STATIC_LIB=OFF -DENABLE_SHARED_LIB=ON
}
