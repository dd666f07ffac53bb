# GLib: main loop, threads, files, GIO.
source=glib2.0
recipe () {
  # Debian's patch for translated .desktop files asks for LC_MESSAGES, which Windows has not.
  sed -i '0,/#include "gkeyfile.h"/s//#include <locale.h>\n#ifndef LC_MESSAGES\n#define LC_MESSAGES 1729\n#endif\n&/' \
    glib/gkeyfile.c
  # It looks for a bare ngettext; the header makes it libintl_ngettext.
  sed -i "s/has_function('ngettext', dep/has_function('ngettext', prefix : '#include <libintl.h>', dep/" \
    meson.build
  sed -i "/^subdir('fuzzing')/d" meson.build
  meson_build -Dtests=false -Dinstalled_tests=false -Dgtk_doc=false -Dman=false -Dnls=disabled \
    -Dlibmount=disabled -Dselinux=disabled -Ddtrace=false -Dsystemtap=false -Dsysprof=disabled \
    -Dlibelf=disabled -Dbsymbolic_functions=false
}
