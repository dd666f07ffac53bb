# OpenSSL: TLS, certificates, hashes.
#
# Its folders name a place that only administrators can write: with an OPENSSLDIR that anybody can
# make (C:/ProgramData/OpenSSL, C:/hauspost) a user could give the service a configuration that
# loads his code. It reads no configuration by itself, has no engines and loads no modules.
source=openssl
recipe () {
  local folder='C:/Program Files/Hauspost/ssl' version
  # It is compiled with relative names and keeps its flags: no path of this machine among them.
  # shellcheck disable=SC2086
  ./Configure mingw64 shared no-tests no-module no-legacy no-engine no-autoload-config \
    no-async no-srp no-dtls no-srtp no-comp no-ssl3 no-weak-ssl-ciphers no-cmp no-cms no-ts no-gost \
    no-aria no-bf no-camellia no-cast no-idea no-md2 no-md4 no-mdc2 no-rc2 no-rc4 no-rc5 no-rmd160 \
    no-seed no-siphash no-sm2 no-sm3 no-sm4 no-whirlpool no-ui-console \
    --cross-compile-prefix=$triplet- --prefix="$configured" --libdir=lib CC=gcc-posix \
    ${compile_flags% -ffile-prefix-map=*} $link_flags
  # Configure on Linux takes C:/ for a relative path, so the folders are given to make.
  set -- OPENSSLDIR="$folder" ENGINESDIR="$folder/engines" MODULESDIR="$folder/modules"
  make -j"$jobs" "$@" build_generated
  # The DLLs alone: everything, and any of the install targets, would compile each file twice.
  make -j"$jobs" "$@" libcrypto-3-x64.dll libssl-3-x64.dll
  install -D -t "$stage$configured/bin" libcrypto-3-x64.dll libssl-3-x64.dll
  install -D -m 644 -t "$stage$configured/lib" libcrypto.dll.a libssl.dll.a
  install -D -m 644 -t "$stage$configured/include/openssl" include/openssl/*.h
  version=$(sed -n 's/.*OPENSSL_VERSION_STR "\(.*\)"/\1/p' include/openssl/opensslv.h)
  make_pkg_config libcrypto "$version" -lcrypto
  make_pkg_config libssl "$version" -lssl libcrypto
  make_pkg_config openssl "$version" '' 'libssl libcrypto'
}
