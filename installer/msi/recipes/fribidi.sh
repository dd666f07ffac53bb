# FriBidi: text that runs from right to left; pango does not build without it.
source=fribidi
recipe () {
  sed -i "/^ *subdir('\(test\|doc\|bin\)')/d" meson.build
  meson_build -Ddocs=false
}
