# Jansson: the admin API's JSON.
source=jansson
recipe () {
  cmake_build . -DJANSSON_BUILD_SHARED_LIBS=ON -DJANSSON_EXAMPLES=OFF -DJANSSON_BUILD_DOCS=OFF \
    -DJANSSON_WITHOUT_TESTS=ON
}
