/* Events come out whole, however the bytes are cut. */
#include "admin/event-stream.h"
#include <string.h>

static void
did_event (const char *name, const char *data, gpointer user_data)
{
  g_string_append_printf (user_data, "[%s|%s]", name, data);
}

static const struct {
  const char *name, *bytes, *events;
} cases[] = {
  { "one", "event: change\nid: 7\ndata: {\"a\":1}\n\n", "[change|{\"a\":1}]" },
  { "no-name", "data: x\n\n", "[message|x]" },
  { "return", "event: a\r\ndata: 1\r\n\r\nevent: b\rdata: 2\r\r", "[a|1][b|2]" },
  { "lines", "data: one\ndata: two\ndata\n\n", "[message|one\ntwo\n]" },
  { "comment", ": keep\n\n:\ndata: x\n\n", "[message|x]" },
  { "no-data", "event: hello\n\ndata: x\n\n", "[message|x]" },
  { "no-space", "data:x\ndata:  y\n\n", "[message|x\n y]" },
  { "colon", "data: a:b\n\n", "[message|a:b]" },
  { "unfinished", "data: x\n", "" },
  { "unknown", "retry: 10\nother: y\ndata: x\n\n", "[message|x]" },
};

static void
test_case (gconstpointer data)
{
  const gsize index = GPOINTER_TO_SIZE (data);
  const char *bytes = cases[index].bytes;

  for (gsize piece = 1; piece < 8; piece++) {
    g_autoptr (GString) events = g_string_new (NULL);
    g_autoptr (EventStream) stream = event_stream_new (did_event, events);
    const gsize length = strlen (bytes);

    for (gsize at = 0; at < length; at += piece)
      g_assert_true (event_stream_feed (stream, bytes + at, MIN (piece, length - at)));
    g_assert_cmpstr (events->str, ==, cases[index].events);
  }
}

static void
test_most (void)
{
  g_autoptr (GString) events = g_string_new (NULL);
  g_autoptr (EventStream) stream = event_stream_new (did_event, events);
  g_autofree char *line = g_strnfill (1024, 'x');
  guint fed = 0;

  while (fed < 2000 && event_stream_feed (stream, line, 1024))
    fed++;
  g_assert_cmpuint (fed, ==, 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/event-stream/", cases[i].name, NULL);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/event-stream/most", test_most);
  return g_test_run ();
}
