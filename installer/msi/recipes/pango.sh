# Pango: the panel's text, with Windows' own fonts.
source=pango1.0
recipe () {
  sed -i "/^subdir('\(tests\|examples\|utils\|tools\)')/d" meson.build
  meson_build -Dgtk_doc=false -Dintrospection=disabled -Dfontconfig=disabled -Dfreetype=disabled \
    -Dxft=disabled -Dsysprof=disabled -Dlibthai=disabled -Dcairo=enabled -Dinstall-tests=false
}
