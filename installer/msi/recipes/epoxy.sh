# libepoxy: GTK's way to OpenGL.
source=libepoxy
recipe () {
  meson_build -Ddocs=false -Dglx=no -Degl=no -Dx11=false -Dtests=false
}
