# SQLite with FTS5: the store and its search. Built from the one file that its makefile puts together.
source=sqlite3
recipe () {
  mkdir work
  cd work
  ../configure > configure.log
  make sqlite3.c
  make_dll libsqlite3-0.dll libsqlite3.dll.a sqlite3.c -DSQLITE_THREADSAFE=1 \
    -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_MATH_FUNCTIONS \
    -DSQLITE_SECURE_DELETE -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_MAX_VARIABLE_NUMBER=250000
  install -D -m 644 -t "$stage$configured/include" sqlite3.h
  make_pkg_config sqlite3 "$(cat ../VERSION)" -lsqlite3
}
