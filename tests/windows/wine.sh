# A Wine for one run of the tests (sourced by run.sh): a prefix of its own, 64 bits only, in which
# nothing but the tests runs.
#
# Two programs stay all the time: one keeps Wine's services up, the other is the desktop. Without them a
# program that is tested would start them, and they would hold the pipe that its output is read from.

# Wine needs the page at 0x7ffe0000. Debian's loader lies below it, and Linux puts the heap anywhere in the
# GiB behind the loader: one start in thousands finds that page taken, and ends with 1 before its program
# begins. Without that chance (where the machine allows it) the heap follows the loader.
export HAUSPOST_FIXED=
! setarch -R true 2> /dev/null || HAUSPOST_FIXED='setarch -R'

wine_server () {
  "$(command -v wineserver64 || echo /usr/lib/wine/wineserver64)" "$@"
}

wine_begin () { # FOLDER, which does not exist
  HAUSPOST_WINE=$(command -v wine64 || echo /usr/lib/wine/wine64)
  WINEPREFIX=$1
  HAUSPOST_DLLS="Z:${HAUSPOST_MINGW:-${XDG_CACHE_HOME:-$HOME/.cache}/hauspost-mingw}/prefix/bin"
  HAUSPOST_WRAPPER=$PWD/tests/windows/under-wine
  WINEDEBUG=-all,err+virtual,err+server,err+process # why Wine itself does not start
  WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=' # no .NET, no browser, no menu entries
  export HAUSPOST_WINE WINEPREFIX HAUSPOST_DLLS HAUSPOST_WRAPPER WINEDEBUG WINEDLLOVERRIDES
  unset DISPLAY WAYLAND_DISPLAY
  # All of it must end before the first program starts, or there are two service managers.
  timeout 300 $HAUSPOST_FIXED "$HAUSPOST_WINE" wineboot --init > "$1.log" 2>&1 && wine_server --wait &&
    mkfifo "$1.fifo" || return 1
  exec 9<> "$1.fifo"
  $HAUSPOST_FIXED "$HAUSPOST_WINE" cmd.exe < "$1.fifo" >> "$1.log" 2>&1 &
  $HAUSPOST_FIXED "$HAUSPOST_WINE" explorer.exe /desktop < /dev/null >> "$1.log" 2>&1 &
  timeout 120 $HAUSPOST_FIXED "$HAUSPOST_WINE" cmd.exe /c exit >> "$1.log" 2>&1
}

wine_end () {
  wine_server --kill
  exec 9>&-
}
