# Collects what is installed on a Windows machine (sourced by build.sh): the programs, exactly the
# DLLs they import, the translations; all stripped, the programs with symbols stay in the build. What
# only the control panel needs is listed in panel-files, for a machine that goes without.

imports_of () { # FILE
  $triplet-objdump -p "$1" | sed -n 's/^\tDLL Name: //p'
}

# What the linker knows of Windows itself: an import library that came with the compiler.
is_of_windows () { # NAME
  local name=${1,,}
  [ -f "/usr/$triplet/lib/lib${name%.dll}.a" ]
}

copy_imports () { # FILE
  local name
  for name in $(imports_of "$1"); do
    [ ! -f "$payload/bin/$name" ] || continue
    if [ -f "$prefix/bin/$name" ]; then
      install -t "$payload/bin" "$prefix/bin/$name"
      copy_imports "$prefix/bin/$name"
    elif ! is_of_windows "$name"; then
      echo "$1 needs $name, which is neither among the libraries nor a part of Windows."
      exit 1
    fi
  done
}

files_of_payload () {
  (cd "$payload" && find . -type f -printf '%P\n' | LC_ALL=C sort)
}

collect_payload () {
  local panel=$payload/bin/hauspost-panel.exe
  rm -rf "$payload" "$build/stage"
  DESTDIR=$build/stage meson install -C "$build" --no-rebuild --quiet
  mkdir -p "$payload"
  cp -a "$build/stage$configured/." "$payload/"
  copy_imports "$payload/bin/hauspostd.exe"
  copy_imports "$payload/bin/hauspost.exe"
  files_of_payload | grep -v '^bin/hauspost-panel\.exe$' > "$build/server-files"
  copy_imports "$panel"
  collect_panel
  files_of_payload | LC_ALL=C comm -13 "$build/server-files" - > "$build/panel-files"
  $triplet-strip --strip-unneeded "$payload"/bin/*.exe "$payload"/bin/*.dll
  python3 "$here/dates.py" "$SOURCE_DATE_EPOCH" "$payload"/bin/*.exe "$payload"/bin/*.dll
  du -h --apparent-size "$payload"/bin/* | sort -rh
  echo "$payload: $(du -sh --apparent-size "$payload" | cut -f1) in $(find "$payload" -type f | wc -l) files"
}
