/* A message comes back as it went in, whole and in pieces, small and big, and damage is seen. */
#include "store-fixture.h"

typedef struct {
  gint64 message;
  guint64 offset, length;
  GBytes *bytes;
  GBytes *summary;
  guint8 digest[32];
  guint64 size;
} Looking;

static gboolean
look (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Looking *self = data;

  self->bytes = message_read (snapshot, self->message, self->offset, self->length, error);
  if (!self->bytes)
    return FALSE;
  self->summary = message_summary (snapshot, self->message, error);
  self->size = message_size (snapshot, self->message, error);
  return self->summary && message_digest (snapshot, self->message, self->digest, error);
}

static char *
make_text (gsize length)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (length);
  char *text = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    text[i] = i % 77 == 76 ? '\n' : g_rand_int_range (rand, 'a', 'z');
  text[length] = 0;
  return text;
}

static void
check_range (Fixture *self, gint64 message, const char *text, gsize offset, guint64 length)
{
  g_autoptr (GError) error = NULL;
  gsize size = strlen (text), expected = offset < size ? MIN (length, size - offset) : 0, got;
  Looking looking = { message, offset, length };
  guint8 digest[32];
  gsize digest_length = sizeof digest;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  store_read_sync (self->store, look, &looking, &error);
  g_assert_no_error (error);
  const void *bytes = g_bytes_get_data (looking.bytes, &got);
  g_assert_cmpmem (bytes, got, text + MIN (offset, size), expected);
  g_assert_cmpmem (g_bytes_get_data (looking.summary, NULL), 7, "summary", 7);
  g_assert_cmpuint (looking.size, ==, size);
  g_checksum_update (checksum, (const guchar *)text, size);
  g_checksum_get_digest (checksum, digest, &digest_length);
  g_assert_cmpmem (looking.digest, 32, digest, 32);
  g_bytes_unref (looking.bytes);
  g_bytes_unref (looking.summary);
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 4096, 262143, 262144, 262145, 1048576, 1048577, 3000000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *text = make_text (sizes[i]);
    Adding adding = fixture_add (self, self->inbox, text, 0);
    g_assert_cmpuint (adding.uid, ==, i + 1);
    check_range (self, adding.id, text, 0, G_MAXUINT64);
    check_range (self, adding.id, text, 262140, 10);
    check_range (self, adding.id, text, sizes[i], 100);
    check_range (self, adding.id, text, sizes[i] / 2, 300000);
    fixture_reopen (self);
    check_range (self, adding.id, text, 0, G_MAXUINT64);
  }
}

static void
test_damage (Fixture *self, gconstpointer data)
{
  g_autofree char *text = make_text (5000);
  Adding adding = fixture_add (self, self->inbox, text, 0);
  g_autoptr (GArray) numbers = segments_list (self->store->segments, NULL);
  g_autofree char *path
      = segments_path (self->store->segments, g_array_index (numbers, guint64, 0));
  g_autofree char *content = NULL;
  gsize length;

  g_assert_cmpuint (numbers->len, ==, 1);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (gsize at = 0; at < length; at += 61) {
    Looking looking = { adding.id, 0, G_MAXUINT64 };
    g_autoptr (GError) error = NULL;
    FILE *file = fopen (path, "r+b");
    fseek (file, at, SEEK_SET);
    fputc (content[at] ^ 4, file);
    fclose (file);
    g_assert_false (store_read_sync (self->store, look, &looking, &error));
    g_assert_error (error, STORE_ERROR, STORE_ERROR_CORRUPT);
    file = fopen (path, "r+b");
    fseek (file, at, SEEK_SET);
    fputc (content[at], file);
    fclose (file);
  }
  check_range (self, adding.id, text, 0, G_MAXUINT64);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  Looking looking = { 4711, 0, G_MAXUINT64 };
  g_autoptr (GError) error = NULL;

  g_assert_false (store_read_sync (self->store, look, &looking, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
}

static void
test_big_not_committed (Fixture *self, gconstpointer data)
{
  g_autofree char *text = make_text (2000000);
  PreparedMessage *message = prepare_text (self->store, text);
  g_autoptr (GArray) before = segments_list (self->store->segments, NULL);

  g_assert_cmpuint (before->len, ==, 2);
  prepared_message_unref (message);
  g_autoptr (GArray) after = segments_list (self->store->segments, NULL);
  g_assert_cmpuint (after->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/message/round-trip", test_round_trip);
  fixture_test ("/message/damage", test_damage);
  fixture_test ("/message/missing", test_missing);
  fixture_test ("/message/big-not-committed", test_big_not_committed);
  return g_test_run ();
}
