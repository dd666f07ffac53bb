# Signs programs and the MSI (sourced by package.sh): off unless HAUSPOST_SIGN_CERTIFICATE is set.
#   HAUSPOST_SIGN_CERTIFICATE   the certificate and its chain, PEM
#   HAUSPOST_SIGN_KEY           its private key, PEM, or a PKCS#11 URI
#   HAUSPOST_SIGN_PASSWORD_FILE the key's password, in a file (not needed without one)
#   HAUSPOST_SIGN_PKCS11        a token's module, with PKCS#11 (libengine-pkcs11-openssl)
#   HAUSPOST_SIGN_TIMESTAMP     URL of a time stamp authority (RFC 3161): without a time stamp the
#                               signature ends with the certificate

sign_one () { # FILE
  set -- "$1" -in "$1" -out "$1.signed" -h sha256 -n Hauspost \
    -certs "$HAUSPOST_SIGN_CERTIFICATE" -key "$HAUSPOST_SIGN_KEY"
  [ -z "${HAUSPOST_SIGN_PASSWORD_FILE:-}" ] || set -- "$@" -readpass "$HAUSPOST_SIGN_PASSWORD_FILE"
  [ -z "${HAUSPOST_SIGN_PKCS11:-}" ] || set -- "$@" -pkcs11module "$HAUSPOST_SIGN_PKCS11"
  [ -z "${HAUSPOST_SIGN_TIMESTAMP:-}" ] || set -- "$@" -ts "$HAUSPOST_SIGN_TIMESTAMP"
  rm -f "$1.signed"
  osslsigncode sign "${@:2}"
  mv "$1.signed" "$1"
}

sign () { # FILES...
  local file
  [ -n "${HAUSPOST_SIGN_CERTIFICATE:-}" ] || return 0
  if [ -z "${HAUSPOST_SIGN_KEY:-}" ] || ! command -v osslsigncode > /dev/null; then
    echo 'Signing needs HAUSPOST_SIGN_KEY and the package osslsigncode.' >&2
    return 1
  fi
  for file in "$@"; do
    sign_one "$file"
  done
}
