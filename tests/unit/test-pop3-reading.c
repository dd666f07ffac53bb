/* Tests of daemon/pop3/pop3-reading.c. */
#include "pop3/pop3-reading.h"
#include "store-fixture.h"
#include <string.h>

static GByteArray *
read_all (Fixture *self, guint32 uid, guint64 lines, gboolean utf8, guint *pieces)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (Pop3Reading) reading = pop3_reading_new (self->inbox, uid, lines, utf8);

  for (*pieces = 0; !reading->done; ++*pieces) {
    g_autoptr (GError) error = NULL;
    store_read_sync (self->store, pop3_reading_run, reading, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (reading->out->len, <, 480 * 1024);
    g_byte_array_append (out, reading->out->data, reading->out->len);
    g_clear_pointer (&reading->out, g_byte_array_unref);
  }
  return out;
}

static void
assert_reads (Fixture *self, guint32 uid, guint64 lines, gboolean utf8, const char *wanted)
{
  guint pieces;
  g_autoptr (GByteArray) out = read_all (self, uid, lines, utf8, &pieces);

  g_assert_cmpmem (out->data, out->len, wanted, strlen (wanted));
}

static void
test_small (Fixture *self, gconstpointer data)
{
  Adding adding
      = fixture_add (self, self->inbox, "Subject: \xc3\xa4\r\n\r\n.a\r\nb\r\n\xc3\xa4\r\n", 0);

  assert_reads (self, adding.uid, G_MAXUINT64, TRUE,
                "Subject: \xc3\xa4\r\n\r\n..a\r\nb\r\n\xc3\xa4\r\n.\r\n");
  assert_reads (self, adding.uid, G_MAXUINT64, FALSE,
                "Subject: =?UTF-8?B?w6Q=?=\r\n\r\n..a\r\nb\r\n\xc3\xa4\r\n.\r\n");
  assert_reads (self, adding.uid, 1, FALSE, "Subject: =?UTF-8?B?w6Q=?=\r\n\r\n..a\r\n.\r\n");
  assert_reads (self, adding.uid, 0, FALSE, "Subject: =?UTF-8?B?w6Q=?=\r\n\r\n.\r\n");
}

/* Also with a header that is longer than a piece, and exactly at the border of one. */
static void
test_big (Fixture *self, gconstpointer data)
{
  static const gsize sizes[] = { 65535, 65536, 65537, 131072, 3000000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GString) text = g_string_new ("Subject: \xc3\xa4\r\nX: ");
    g_autoptr (GByteArray) out = NULL;
    guint pieces;

    for (gsize at = text->len; at < sizes[i]; at++)
      g_string_append_c (text, at == 70000 ? '\r' : at == 70001 || at % 80 == 0 ? '\n' : ' ');
    Adding adding = fixture_add (self, self->inbox, text->str, 0);
    out = read_all (self, adding.uid, G_MAXUINT64, FALSE, &pieces);
    g_assert_cmpuint (out->len, >=, 3);
    g_assert_cmpmem (out->data, 22, "Subject: =?UTF-8?B?w6Q=", 22);
    g_assert_cmpmem (out->data + out->len - 5, 5, "\r\n.\r\n", 5);
    g_assert_cmpuint (pieces, <=, sizes[i] / 65536 + 2);
  }
}

static void
test_gone (Fixture *self, gconstpointer data)
{
  g_autoptr (Pop3Reading) reading = pop3_reading_new (self->inbox, 77, G_MAXUINT64, FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_false (store_read_sync (self->store, pop3_reading_run, reading, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/pop3-reading/small", test_small);
  fixture_test ("/pop3-reading/big", test_big);
  fixture_test ("/pop3-reading/gone", test_gone);
  return g_test_run ();
}
