# libffi: GObject's closures.
source=libffi
recipe () {
  configure_build . --disable-docs --disable-multi-os-directory
  make -j"$jobs"
  make install DESTDIR="$stage"
}
