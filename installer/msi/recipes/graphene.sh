# Graphene: GTK's points and rectangles.
source=graphene
recipe () {
  meson_build -Dgtk_doc=false -Dgobject_types=true -Dintrospection=disabled -Dtests=false \
    -Dinstalled_tests=false
}
