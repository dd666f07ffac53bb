# GTK 4: the control panel's windows. No demos, tools, printing to files, media; of the translations
# German.
source=gtk4

# The panel shows no photographs, so JPEG and TIFF are formats that GTK does not know here: two
# libraries less that read what others have made.
without_format () { # jpeg JPEG
  cat > "gdk/loaders/gdk$1.c" << END
#include "config.h"
#include "gdk$1private.h"

GdkTexture *
gdk_load_$1 (GBytes *bytes, GError **error)
{
  g_set_error_literal (error, GDK_TEXTURE_ERROR, GDK_TEXTURE_ERROR_UNSUPPORTED_FORMAT, "$2");
  return NULL;
}

GBytes *
gdk_save_$1 (GdkTexture *texture)
{
  return NULL;
}
END
  sed -i "/^$1_dep  *=/,/required: true)/c $1_dep = []" meson.build
  # Nobody is offered a format that cannot be written.
  sed -i "/^  gdk_content_register_serializer (GDK_TYPE_TEXTURE,\$/{N; /image\\/$1/{N; N; d}}" \
    gdk/gdkcontentserializer.c
  sed -i "/^  gdk_content_register_deserializer (\"image\\/$1\",\$/{N; N; N; N; d}" \
    gdk/gdkcontentdeserializer.c
}

recipe () {
  without_format jpeg JPEG
  without_format tiff TIFF
  sed -i "/^ *subdir('\(tools\|docs\/reference\)')/d" meson.build
  echo de > po/LINGUAS
  meson_build -Dx11-backend=false -Dwayland-backend=false -Dbroadway-backend=false \
    -Dwin32-backend=true -Dmedia-ffmpeg=disabled -Dmedia-gstreamer=disabled -Dprint-cups=disabled \
    -Dvulkan=disabled -Dcloudproviders=disabled -Dsysprof=disabled -Dtracker=disabled \
    -Dcolord=disabled -Df16c=disabled -Dgtk_doc=false -Dman-pages=false -Dintrospection=disabled \
    -Ddemos=false -Dbuild-examples=false -Dbuild-tests=false -Dinstall-tests=false
}
