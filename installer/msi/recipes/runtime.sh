# The compiler's own DLLs: threads (libwinpthread) and the stack protector's end (libssp).
recipe () {
  for file in libwinpthread-1.dll libssp-0.dll; do
    install -D -t "$stage$configured/bin" "$($triplet-gcc-posix -print-file-name=$file)"
  done
}
