# pixman: cairo's pixels.
source=pixman
recipe () {
  meson_build -Dgtk=disabled -Dlibpng=disabled -Dtests=disabled -Dopenmp=disabled
}
