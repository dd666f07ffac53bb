/* What a message refers to. */
#include "mail/references.h"
#include "mail/message-id.h"
#include <string.h>

static GArray *
references_of (const char *header)
{
  return message_references ((const guint8 *)header, strlen (header));
}

static void
test_references (void)
{
  static const struct {
    const char *header;
    const char *ids[5];
  } cases[] = {
    { "Subject: x\r\n\r\n", { NULL } },
    { "Message-ID: <1@x>\r\n\r\n", { "1@x" } },
    { "message-id:<1@x>\r\nIn-Reply-To: <0@x>\r\n\r\n", { "1@x", "0@x" } },
    { "Message-ID: <3@x>\r\nReferences: <0@x>\r\n <1@x> <2@x>\r\nIn-Reply-To: <2@x>\r\n\r\n",
      { "3@x", "2@x", "1@x", "0@x" } },
    { "References: <0@x>\r\n\r\nMessage-ID: <body@x>\r\n", { "0@x" } },
    { "Message-ID: nonsense\r\n\r\n", { NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) hashes = references_of (cases[i].header);
    guint count = 0;
    for (; cases[i].ids[count]; count++) {
      g_assert_cmpuint (count, <, hashes->len);
      g_assert_cmpuint (g_array_index (hashes, guint64, count), ==,
                        message_id_hash (cases[i].ids[count]));
    }
    g_assert_cmpuint (hashes->len, ==, count);
  }
}

/* Of a long list the nearest and the first are kept. */
static void
test_many (void)
{
  g_autoptr (GString) header = g_string_new ("Message-ID: <own@x>\r\nReferences:");
  g_autoptr (GArray) hashes = NULL;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (header, " <%u@x>\r\n", i);
  g_string_append (header, "\r\n");
  hashes = references_of (header->str);
  g_assert_cmpuint (hashes->len, ==, REFERENCES_MAX);
  g_assert_cmpuint (g_array_index (hashes, guint64, 0), ==, message_id_hash ("own@x"));
  g_assert_cmpuint (g_array_index (hashes, guint64, 1), ==, message_id_hash ("99@x"));
  g_assert_cmpuint (g_array_index (hashes, guint64, REFERENCES_MAX - 1), ==,
                    message_id_hash ("0@x"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/references/all", test_references);
  g_test_add_func ("/references/many", test_many);
  return g_test_run ();
}
