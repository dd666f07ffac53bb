/* Whole messages for clients that know no UTF-8 in headers. */
#include "mail/surrogate.h"
#include <string.h>

#define INVALID "<invalid@internationalized-address.invalid>"

static const struct {
  const char *name, *message, *wanted; /* WANTED NULL: it needs none */
} rows[] = {
  { "plain", "Subject: x\r\n\r\nK\xc3\xb6rper\r\n", NULL },
  { "empty", "", NULL },
  { "header", "Subject: \xc3\xa4\r\n\r\nK\xc3\xb6rper\r\n",
    "Subject: =?UTF-8?B?w6Q=?=\r\n\r\nK\xc3\xb6rper\r\n" },
  { "part",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\nContent-Description: "
    "\xc3\xa4\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nafter",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\nbefore\r\n--b\r\nContent-Description: "
    "=?UTF-8?B?w6Q=?=\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nafter" },
  { "inner", "Content-Type: message/rfc822\r\n\r\nFrom: \xc3\xa4@b.c\r\n\r\ninside\r\n",
    "Content-Type: message/rfc822\r\n\r\nFrom: =?UTF-8?B?w6RAYi5j?= " INVALID
    "\r\n\r\ninside\r\n" },
  { "global", "A: b\r\nContent-Type: Message/Global; x=y\r\n\r\nSubject: a\r\n\r\ninside\r\n",
    "A: b\r\nContent-Type: message/rfc822; x=y\r\n\r\nSubject: a\r\n\r\ninside\r\n" },
};

static void
test_row (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const guint8 *message = (const guint8 *)rows[i].message;
  const gsize length = strlen (rows[i].message);
  g_autoptr (MimePart) root = mime_parse (message, length);
  g_autoptr (GArray) pieces = message_surrogate (message, length, root);
  g_autoptr (GBytes) whole = surrogate_join (pieces, message);
  const char *wanted = rows[i].wanted ? rows[i].wanted : rows[i].message;

  g_assert_cmpint (message_needs_surrogate (message, root), ==, rows[i].wanted != NULL);
  g_assert_cmpuint (surrogate_length (pieces), ==, strlen (wanted));
  g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole), wanted,
                   strlen (wanted));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/surrogate-message/", rows[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  return g_test_run ();
}
