# libunbound: the DNS, with a cache and DNSSEC.
#
# Only the library: what fetches the root's keys by HTTPS (and needs expat) is a program of its own,
# so that configure only has to see a header. Windows' own threads. Its configuration file is read
# by nobody, and named where only administrators can write.
source=unbound
recipe () {
  mkdir -p no-expat/include
  : > no-expat/include/expat.h
  configure_build . --with-ssl="$prefix" --with-libexpat="$PWD/no-expat" --with-libunbound-only \
    --without-pthreads --without-pythonmodule --without-libevent --disable-flto --disable-rpath \
    --with-conf-file='C:\Program Files\Hauspost\unbound.conf'
  make ACLOCAL=: AUTOCONF=: AUTOHEADER=: -j"$jobs" libunbound.la
  install -D -t "$stage$configured/bin" .libs/libunbound-8.dll
  install -D -m 644 -t "$stage$configured/lib" .libs/libunbound.dll.a
  install -D -m 644 -t "$stage$configured/include" unbound.h
  make_pkg_config libunbound 1.17.1 -lunbound
}
