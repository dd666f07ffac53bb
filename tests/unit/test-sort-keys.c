/* The keys of SORT and THREAD. */
#include "mail/sort-keys.h"
#include "mail/message-id.h"
#include <string.h>

#define HEADER(text)                                                                               \
  "Date: Mon, 1 Jun 2026 12:00:00 +0200\r\n" text "\r\n\r\nBody\r\nTo: no@field\r\n"

static const struct {
  const char *message;
  SortTextKind kind;
  const char *key;
} cases[] = {
  { HEADER ("Subject: Re: Hello"), SORT_TEXT_SUBJECT, "HELLO" },
  { HEADER ("Subject: gr\303\274\303\237e"), SORT_TEXT_SUBJECT, "GRU\314\210\303\237E" },
  { HEADER ("Subject: a\r\nSubject: b"), SORT_TEXT_SUBJECT, "A" },
  { HEADER ("From: Anna <Anna.X@example.org>, b@c"), SORT_TEXT_FROM, "ANNA.X" },
  { HEADER ("From: Anna <Anna.X@example.org>, b@c"), SORT_TEXT_DISPLAY_FROM, "ANNA" },
  { HEADER ("From: =?utf-8?q?=C3=84nna?= <a@b>"), SORT_TEXT_DISPLAY_FROM, "A\314\210NNA" },
  { HEADER ("From: \"\" <a@b.c>"), SORT_TEXT_DISPLAY_FROM, "A@B.C" },
  { HEADER ("To: friends: a@b, c@d;"), SORT_TEXT_TO, "FRIENDS" },
  { HEADER ("To: friends: a@b, c@d;"), SORT_TEXT_DISPLAY_TO, "FRIENDS" },
  { HEADER ("Cc: c@d"), SORT_TEXT_CC, "C" },
  { HEADER ("X: y"), SORT_TEXT_TO, "" }, /* not the one in the body */
  /* What cannot be converted: byte by byte, after everything else (RFC 5255 §4.6). */
  { HEADER ("Subject: Re: =?utf-8?q?=D0=C0a?="), SORT_TEXT_SUBJECT, "\377\303\220\303\200a" },
  { HEADER ("Subject: =?x-none?q?a?= b"), SORT_TEXT_SUBJECT, "\377a b" },
  { HEADER ("From: =?utf-8?b?/w==?= <a@b>"), SORT_TEXT_DISPLAY_FROM, "\377\303\277" },
};

static GBytes *
keys_of (const char *message, SortKeys *keys)
{
  GBytes *made = sort_keys_new ((const guint8 *)message, strlen (message));
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made, &length);

  g_assert_true (sort_keys_read (bytes, length, keys));
  return made;
}

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    SortKeys keys;
    g_autoptr (GBytes) made = keys_of (cases[i].message, &keys);
    g_autofree char *key
        = g_strndup (keys.texts[cases[i].kind].text, keys.texts[cases[i].kind].length);

    g_assert_cmpstr (key, ==, cases[i].key);
    g_assert_true (keys.has_date);
    g_assert_cmpint (keys.sent, ==, 1780308000);
  }
}

static void
test_ids (void)
{
  SortKeys keys;
  g_autoptr (GBytes) both = keys_of ("Message-ID: <a@b>\r\nReferences: <c@d> <e@f>\r\n"
                                     "In-Reply-To: <g@h>\r\nSubject: Re: x\r\n\r\n",
                                     &keys);

  g_assert_cmpuint (keys.id, ==, message_id_hash ("a@b"));
  g_assert_cmpuint (keys.references, ==, 2);
  g_assert_cmpuint (sort_keys_reference (&keys, 1), ==, message_id_hash ("e@f"));
  g_assert_true (keys.is_reply);
  g_assert_false (keys.has_date);

  g_autoptr (GBytes) reply
      = keys_of ("References: nothing\r\nIn-Reply-To: <g@h> <i@j>\r\n\r\n", &keys);
  g_assert_cmpuint (keys.id, ==, 0);
  g_assert_cmpuint (keys.references, ==, 1);
  g_assert_cmpuint (sort_keys_reference (&keys, 0), ==, message_id_hash ("g@h"));
}

static void
test_bounds (void)
{
  g_autofree char *a = g_strnfill (1900, 'a');
  g_autofree char *one = g_strdup_printf ("Subject: %sb\r\n\r\n", a);
  g_autofree char *two = g_strdup_printf ("Subject: %sc\r\n\r\n", a);
  g_autoptr (GString) many = g_string_new ("References:");
  SortKeys first, second;

  g_autoptr (GBytes) made_first = keys_of (one, &first);
  g_autoptr (GBytes) made_second = keys_of (two, &second);
  g_assert_cmpuint (first.texts[0].length, <=, SORT_TEXT_MAX);
  g_assert_cmpuint (first.texts[0].length, ==, second.texts[0].length);
  g_assert_cmpint (memcmp (first.texts[0].text, second.texts[0].text, first.texts[0].length), !=,
                   0);

  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (many, " <%u@x>", i);
  g_string_append (many, "\r\n\r\n");
  g_autoptr (GBytes) made_many = keys_of (many->str, &first);
  g_assert_cmpuint (first.references, ==, SORT_REFERENCES_MAX);
  g_assert_cmpuint (sort_keys_reference (&first, SORT_REFERENCES_MAX - 1), ==,
                    message_id_hash ("1999@x"));
}

static const struct {
  const char *message;
  SearchField field;
  const char *mapped; /* NULL: to be read in the header */
} searched[] = {
  { HEADER ("Subject: Re: Hello"), SEARCH_FIELD_SUBJECT, "RE: HELLO" },
  { HEADER ("subject: =?utf-8?q?=C3=84?="), SEARCH_FIELD_SUBJECT, "A\314\210" },
  { HEADER ("From: Anna <A@B>,\r\n c@d"), SEARCH_FIELD_FROM, "ANNA <A@B>, C@D" },
  { HEADER ("To: a@b"), SEARCH_FIELD_CC, "" },
  { HEADER ("Cc: a@b\r\nCc: c@d"), SEARCH_FIELD_CC, NULL },
};

static void
test_searched (void)
{
  g_autofree char *a = g_strnfill (SEARCH_FIELD_MAX + 1, 'a');
  g_autofree char *message = g_strdup_printf ("To: %s\r\nCc: %s\r\n\r\n", a, a + 1);
  SearchField field;
  SortKeys keys;

  for (guint i = 0; i < G_N_ELEMENTS (searched); i++) {
    g_autoptr (GBytes) made = keys_of (searched[i].message, &keys);
    const SortText *kept = &keys.fields[searched[i].field];
    g_autofree char *mapped = kept->text ? g_strndup (kept->text, kept->length) : NULL;
    g_assert_cmpstr (mapped, ==, searched[i].mapped);
  }
  g_autoptr (GBytes) made = keys_of (message, &keys);
  g_assert_null (keys.fields[SEARCH_FIELD_TO].text);
  g_assert_cmpuint (keys.fields[SEARCH_FIELD_CC].length, ==, SEARCH_FIELD_MAX);
  g_assert_true (search_field_of ("cC", &field) && field == SEARCH_FIELD_CC);
  g_assert_false (search_field_of ("Bcc", &field));
}

/* Whatever is cut off or changed is refused or stays in bounds. */
static void
test_damaged (void)
{
  SortKeys keys;
  g_autoptr (GBytes) made = keys_of ("Subject: x\r\nReferences: <a@b>\r\n\r\n", &keys);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made, &length);

  for (gsize cut = 0; cut < length; cut++)
    g_assert_false (sort_keys_read (bytes, cut, &keys));
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  copy[0]++;
  g_assert_false (sort_keys_read (copy, length, &keys));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sort-keys/texts", test_texts);
  g_test_add_func ("/sort-keys/ids", test_ids);
  g_test_add_func ("/sort-keys/bounds", test_bounds);
  g_test_add_func ("/sort-keys/searched", test_searched);
  g_test_add_func ("/sort-keys/damaged", test_damaged);
  return g_test_run ();
}
