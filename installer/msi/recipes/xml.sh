# libxml2: reads what Outlook asks. Nothing is fetched, and only the encodings that it knows by itself.
source=libxml2
recipe () {
  configure_build . --without-python --without-lzma --without-iconv --without-icu --without-ftp \
    --without-http --without-catalog --without-debug --without-docbook --without-html --without-legacy \
    --without-modules --without-schematron --without-zlib --with-threads=win32
  make -j"$jobs" libxml2.la
  make install-libLTLIBRARIES install-data install-pkgconfigDATA DESTDIR="$stage"
}
