# GdkPixbuf: GTK does not build without it. It reads PNG and nothing else, and loads no modules.
source=gdk-pixbuf
recipe () {
  sed -i "/^ *subdir('\(po\|tests\|thumbnailer\|docs\)')/d; /^ *build_modules = /s/= .*/= false/" meson.build
  sed -i "/^loaders = {/,/^}/s/'enabled': \(true\|not native_windows_loaders\)/'enabled': false/" \
    gdk-pixbuf/meson.build
  meson_build -Dpng=enabled -Djpeg=disabled -Dtiff=disabled -Dbuiltin_loaders=png -Dgtk_doc=false \
    -Ddocs=false -Dintrospection=disabled -Dman=false -Drelocatable=true \
    -Dnative_windows_loaders=false -Dtests=false -Dinstalled_tests=false -Dgio_sniffing=false
}
