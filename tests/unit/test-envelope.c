/* ENVELOPE: what is NIL, what is taken from elsewhere, and its bound. */
#include "mail/envelope.h"
#include <string.h>

static const struct {
  const char *name, *header, *envelope;
} cases[] = {
  { "empty", "", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)" },
  { "empty-subject", "Subject:\r\n\r\n", "(NIL \"\" NIL NIL NIL NIL NIL NIL NIL NIL)" },
  { "own-sender", "From: a@b\r\nSender: c@d\r\nReply-To:\r\n\r\n",
    "(NIL NIL ((NIL NIL \"a\" \"b\")) ((NIL NIL \"c\" \"d\")) ((NIL NIL \"a\" \"b\")) "
    "NIL NIL NIL NIL NIL)" },
  { "two-lists", "To: a@b\r\nTo: c@d\r\nSubject: 1\r\nSubject: 2\r\n\r\n",
    "(NIL \"1\" NIL NIL NIL ((NIL NIL \"a\" \"b\")(NIL NIL \"c\" \"d\")) NIL NIL NIL NIL)" },
  { "garbage-list", "Cc: ,;<>\r\nBcc: x y\r\n\r\n", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)" },
  { "8-bit", "Subject: \374\r\nIn-Reply-To: <1@x>\r\n\r\n",
    "(NIL {2}\r\n\303\274 NIL NIL NIL NIL NIL NIL \"<1@x>\" NIL)" },
  { "encoded-word", "Subject: =?utf-8?q?a?=\r\n\r\n",
    "(NIL \"=?utf-8?q?a?=\" NIL NIL NIL NIL NIL NIL NIL NIL)" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  const char *header = cases[index].header;
  g_autoptr (GString) out = g_string_new (NULL);

  envelope_append (out, (const guint8 *)header, strlen (header));
  g_assert_cmpstr (out->str, ==, cases[index].envelope);
}

/* Every field as long as it can be, in bytes that need the most room. */
static void
test_bound (void)
{
  static const char *const names[] = { "Date", "Subject", "From", "Sender",      "Reply-To",
                                       "To",   "Cc",      "Bcc",  "In-Reply-To", "Message-ID" };
  g_autofree char *long_text = g_strnfill (30000, '\374');
  g_autoptr (GString) header = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_string_append_printf (header, "%s: ", names[i]);
    for (guint j = 0; j < 20; j++)
      g_string_append_printf (header, "\"%s\" <@%s:%s@%s>,", long_text, long_text, long_text,
                              long_text);
    g_string_append (header, "\r\n");
  }
  envelope_append (out, (const guint8 *)header->str, header->len);
  g_assert_cmpuint (out->len, <=, ENVELOPE_MAX);
}

/* A field repeated without end costs no more than its bytes. */
static void
test_repeated (void)
{
  g_autoptr (GString) header = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  gint64 start = g_get_monotonic_time ();

  while (header->len < 2000000)
    g_string_append (header, "To: a\r\n");
  envelope_append (out, (const guint8 *)header->str, header->len);
  g_assert_cmpuint (out->len, <=, ENVELOPE_MAX);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/envelope/%s", cases[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/envelope/bound", test_bound);
  g_test_add_func ("/envelope/repeated", test_repeated);
  return g_test_run ();
}
