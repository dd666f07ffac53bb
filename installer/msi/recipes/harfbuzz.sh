# HarfBuzz: pango's shapes of letters. From the one file that includes all others: its own build
# takes ten times as long for libraries that nobody here loads.
source=harfbuzz
recipe () {
  make_dll libharfbuzz-0.dll libharfbuzz.dll.a -std=gnu++17 -fno-exceptions -fno-rtti \
    -fno-threadsafe-statics -fvisibility-inlines-hidden -DHB_DLL_EXPORT -Isrc src/harfbuzz.cc
  install -D -m 644 -t "$stage$configured/include/harfbuzz" src/hb*.h
  make_pkg_config harfbuzz "$(sed -n 's/^#define HB_VERSION_STRING "\(.*\)"/\1/p' src/hb-version.h)" \
    -lharfbuzz
  sed -i 's|^Cflags:.*|&/harfbuzz|' "$stage$configured/lib/pkgconfig/harfbuzz.pc"
}
