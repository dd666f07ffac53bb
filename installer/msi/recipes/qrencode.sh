# libqrencode: the QR codes that a telephone reads. A few files, compiled by hand.
source=qrencode
recipe () {
  local version
  version=$(sed -n 's/^m4_define(\[__M[A-Z]*_VERSION\], \[\([0-9]*\)\]).*/\1/p' configure.ac | paste -sd.)
  set -- ${version//./ }
  make_dll libqrencode-4.dll libqrencode.dll.a -DMAJOR_VERSION="$1" -DMINOR_VERSION="$2" \
    -DMICRO_VERSION="$3" -DVERSION="\"$version\"" -DSTATIC_IN_RELEASE=static -DHAVE_STRDUP=1 \
    -DHAVE_LIBPTHREAD=1 qrencode.c qrinput.c bitstream.c qrspec.c rsecc.c split.c mask.c mqrspec.c mmask.c \
    -lwinpthread
  install -D -m 644 -t "$stage$configured/include" qrencode.h
  make_pkg_config libqrencode "$version" -lqrencode
}
