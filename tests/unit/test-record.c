/* A record's header: printed and parsed again, and no damaged one is believed. */
#include "store/record.h"

static Record *
make_record (void)
{
  static char *keywords[] = { (char *)"$Junk", (char *)"", (char *)"later", NULL };
  static char *recipients[] = { (char *)"bob@example.net", (char *)"cy@example.org", NULL };
  Record *record = record_new (RECORD_MESSAGE);
  RecordPlace place
      = { (char *)"ada@example.com", (char *)"INBOX/Büro", 77, 12, 0x108, -5, -300, keywords };
  RecordPlace bare = { (char *)"cy@example.com", (char *)"INBOX", 78, 1 };

  record->size = FRAME_SIZE + 1;
  record->written = 1700000000;
  memset (record->digest, 0xab, sizeof record->digest);
  record->sender = g_strdup ("");
  record->recipients = g_strdupv (recipients);
  record->frame_count = 2;
  record->frames = g_new0 (guint32, 2);
  record->frames[0] = 1000;
  record->frames[1] = 20;
  record_add_place (record, &place);
  record_add_place (record, &bare);
  return record;
}

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Record) record = make_record ();
  g_autoptr (GByteArray) bytes = record_print (record);
  guint64 header;

  g_assert_true (record_measure (bytes->data, RECORD_FIXED, &header));
  g_assert_cmpuint (header, ==, bytes->len);
  g_autoptr (Record) parsed = record_parse (bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parsed->length, ==, bytes->len + 1020);
  g_assert_cmpuint (parsed->size, ==, FRAME_SIZE + 1);
  g_assert_cmpstr (parsed->sender, ==, "");
  g_assert_cmpstr (parsed->recipients[1], ==, "cy@example.org");
  g_assert_cmpuint (parsed->frames[1], ==, 20);
  g_assert_cmpuint (parsed->places->len, ==, 2);
  const RecordPlace *place = parsed->places->pdata[0];
  g_assert_cmpstr (place->mailbox, ==, "INBOX/Büro");
  g_assert_cmpint (place->date, ==, -5);
  g_assert_cmpint (place->zone, ==, -300);
  g_assert_cmpuint (place->flags, ==, 0x108);
  g_assert_cmpstr (place->keywords[2], ==, "later");
  /* Printing what was parsed gives the same bytes. */
  g_autoptr (GByteArray) again = record_print (parsed);
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
}

static void
test_damage (void)
{
  g_autoptr (Record) record = make_record ();
  g_autoptr (GByteArray) bytes = record_print (record);

  for (guint at = 0; at < bytes->len; at++) {
    bytes->data[at] ^= 0x10;
    g_assert_null (record_parse (bytes->data, bytes->len, NULL));
    bytes->data[at] ^= 0x10;
  }
  for (guint length = 0; length < bytes->len; length++)
    g_assert_null (record_parse (bytes->data, length, NULL));
}

/* What a sound checksum covers may still contradict itself. */
static void
test_contradictions (void)
{
  g_autoptr (Record) record = make_record ();

  record->size = 10; /* one frame would do */
  g_autoptr (GByteArray) too_many = record_print (record);
  g_assert_null (record_parse (too_many->data, too_many->len, NULL));
  record->kind = RECORD_PLACES;
  g_autoptr (GByteArray) no_frames = record_print (record);
  g_assert_null (record_parse (no_frames->data, no_frames->len, NULL));
  record->frame_count = 0;
  g_autoptr (GByteArray) places = record_print (record);
  g_autoptr (Record) parsed = record_parse (places->data, places->len, NULL);
  g_assert_nonnull (parsed);
  g_assert_cmpint (parsed->kind, ==, RECORD_PLACES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/round-trip", test_round_trip);
  g_test_add_func ("/record/damage", test_damage);
  g_test_add_func ("/record/contradictions", test_contradictions);
  return g_test_run ();
}
