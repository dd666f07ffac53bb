# libunbound: the DNS, validated. On Windows its threads are Windows' own.
source=unbound
recipe () {
  # ub_ctx_delete frees the event of its thread's pipe a second time.
  sed -i 's/^\tub_winsock_unregister_wsaevent(tube->ev_listen);$/&\n\ttube->ev_listen = NULL;/' util/tube.c
  [ "$(grep -c 'tube->ev_listen = NULL;' util/tube.c)" = 1 ]
  # Only the program unbound-anchor reads XML, which is not built. GOST would need OpenSSL's engines.
  mkdir -p no-expat/include
  touch no-expat/include/expat.h
  configure_build . --with-libunbound-only --disable-gost --without-pthreads --disable-flto --disable-rpath \
    --with-ssl="$prefix" --with-libexpat="$PWD/no-expat" --with-conf-file= --with-rootkey-file=
  make -j"$jobs" lib
  make install-lib DESTDIR="$stage"
}
