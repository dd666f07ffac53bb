# What the control panel needs beside its DLLs (sourced by build.sh): GTK's schemas and German, icons,
# and the program with which GLib opens a web page.

icon_theme=/usr/share/icons/Adwaita
icon_sizes='16 32 96' # rows and buttons, on fine screens, and what stands in the middle of an empty page

# As libadwaita's own ones they become PNG here: no library on Windows reads SVG for GTK.
render_icon () { # FILE.svg NAME
  local size
  for size in $icon_sizes; do
    gtk4-encode-symbolic-svg -o "$payload/share/icons/hicolor/${size}x$size/actions" "$1" "${size}x$size"
  done
}

copy_icon () { # NAME
  local size file found=
  for size in $icon_sizes; do
    for file in "$icon_theme/${size}x$size"/*/"$1.symbolic.png"; do
      [ -f "$file" ] || continue
      install -m 644 -t "$payload/share/icons/hicolor/${size}x$size/actions" "$file"
      found=yes
    done
  done
  [ "$found" ]
}

# Exactly those that the panel's sources name.
collect_icons () {
  local name size
  for size in $icon_sizes; do
    mkdir -p "$payload/share/icons/hicolor/${size}x$size/actions"
  done
  for name in $(grep -rohE '\b[a-z0-9]+(-[a-z0-9]+)*-symbolic\b' --include='*.c' --include='*.ui' \
    "$tree/gui" | sort -u); do
    if [ -f "$tree/gui/icons/$name.svg" ]; then
      render_icon "$tree/gui/icons/$name.svg"
    elif ! copy_icon "$name"; then
      echo "The control panel names an icon that is nowhere: $name" >&2
      return 1
    fi
  done
  for size in 48 256; do
    mkdir -p "$payload/share/icons/hicolor/${size}x$size/apps"
    rsvg-convert -w "$size" -h "$size" -o "$payload/share/icons/hicolor/${size}x$size/apps/$panel_icon.png" \
      "$tree/gui/data/$panel_icon.svg"
  done
}

collect_panel () {
  local catalogue
  install -t "$payload/bin" "$prefix/bin/gspawn-win64-helper.exe"
  mkdir -p "$payload/share/glib-2.0/schemas"
  glib-compile-schemas --targetdir="$payload/share/glib-2.0/schemas" "$prefix/share/glib-2.0/schemas"
  for catalogue in gtk40 libadwaita; do
    install -D -m 644 -t "$payload/share/locale/de/LC_MESSAGES" \
      "$prefix/share/locale/de/LC_MESSAGES/$catalogue.mo"
  done
  collect_icons
}
