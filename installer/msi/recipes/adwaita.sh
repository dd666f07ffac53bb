# libadwaita: how the control panel looks and adapts. Of the translations German.
source=libadwaita-1

# No library on Windows reads SVG for GTK: its icons become PNG, as GTK's own ones are.
encode_icons () {
  local icon size folder lines
  for icon in icons/scalable/*/*.svg; do
    lines=
    for size in 16x16 32x32; do
      folder=${icon/scalable/$size}
      folder=${folder%/*}
      mkdir -p "$folder"
      gtk4-encode-symbolic-svg -o "$folder" "$icon" $size
      lines="$lines<file>$folder/$(basename "$icon" .svg).symbolic.png</file>"
    done
    sed -i "s|<file[^>]*>$icon</file>|$lines|" adwaita.gresources.xml
  done
}

# Its catalogues lie beside the program, wherever that is installed.
relocate () {
  cat >> adw-main.c << 'END'

static char *
locale_folder (void)
{
  g_autofree char *folder = g_win32_get_package_installation_directory_of_module (NULL);

  return g_build_filename (folder, "share", "locale", NULL);
}
END
  sed -i 's/^static int adw_initialized/static char *locale_folder (void);\n&/
    s/bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR)/bindtextdomain (GETTEXT_PACKAGE, locale_folder ())/' adw-main.c
  grep -q 'locale_folder ());' adw-main.c
}

recipe () {
  cd src
  encode_icons
  relocate
  cd ..
  sed -i "/^subdir('\(demo\|examples\|tests\|doc\)')/d" meson.build
  echo de > po/LINGUAS
  meson_build -Dintrospection=disabled -Dvapi=false -Dgtk_doc=false -Dtests=false -Dexamples=false
}
