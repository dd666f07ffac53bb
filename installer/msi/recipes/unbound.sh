# libunbound: the DNS, validated. The resolver's thread is ours, so it needs no threads of its own.
source=unbound
recipe () {
  # Only the program unbound-anchor reads XML, which is not built. GOST would need OpenSSL's engines.
  mkdir -p no-expat/include
  touch no-expat/include/expat.h
  configure_build . --with-libunbound-only --disable-gost --without-pthreads --disable-flto --disable-rpath \
    --with-ssl="$prefix" --with-libexpat="$PWD/no-expat" --with-conf-file= --with-rootkey-file=
  make -j"$jobs" lib
  make install-lib DESTDIR="$stage"
}
