# GNU gettext's libintl: the translations.
#
# Only its configure script and its header are taken from its own build; it is compiled here, as
# libtool loses the stack protector's library and takes minutes for what the compiler does in seconds.
source=gettext
recipe () {
  local name files=
  configure_build gettext-runtime --enable-threads=windows --disable-java --disable-csharp \
    --disable-libasprintf --without-libiconv-prefix --without-libintl-prefix \
    --with-included-gettext --enable-nls --no-recursion
  cd intl
  make ACLOCAL=: AUTOCONF=: AUTOMAKE=: AUTOHEADER=: libgnuintl.h libintl.h
  for name in bindtextdom dcgettext dgettext gettext finddomain hash-string loadmsgcat localealias \
    textdomain l10nflist explodename dcigettext dcngettext dngettext ngettext plural plural-exp \
    localcharset threadlib lock relocatable langprefs localename localename-table log printf \
    setlocale setlocale-lock setlocale_null version xsize osdep intl-compat windows-mutex \
    windows-rwlock windows-recmutex windows-once; do
    files="$files ../../gettext-runtime/intl/$name.c"
  done
  # shellcheck disable=SC2086
  make_dll libintl-8.dll libintl.dll.a -I. -I../../gettext-runtime/intl -I.. -DHAVE_CONFIG_H \
    -DLOCALEDIR="\"$configured/share/locale\"" -DLIBDIR="\"$configured/lib\"" -DLOCALE_ALIAS_PATH='""' \
    -DINSTALLDIR="\"$configured/bin\"" -DBUILDING_LIBINTL -DBUILDING_DLL -DIN_LIBINTL -DIN_LIBRARY \
    -D__USE_MINGW_ANSI_STDIO=0 -DENABLE_RELOCATABLE=1 -DNO_XMALLOC -DDEPENDS_ON_LIBICONV=0 \
    -Dset_relocation_prefix=libintl_set_relocation_prefix -Drelocate=libintl_relocate \
    -Drelocate2=libintl_relocate2 $files -ladvapi32 \
    -Wl,--export-all-symbols
  install -D -m 644 -t "$stage$configured/include" libintl.h
}
