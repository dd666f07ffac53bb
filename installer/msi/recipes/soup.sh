# libsoup: the admin API's HTTP server.
source=libsoup3
recipe () {
  meson_build -Dgssapi=disabled -Dntlm=disabled -Dbrotli=disabled -Dtls_check=false \
    -Dintrospection=disabled -Dvapi=disabled -Ddocs=disabled -Dtests=false -Dautobahn=disabled \
    -Dsysprof=disabled -Dinstalled_tests=false
}
