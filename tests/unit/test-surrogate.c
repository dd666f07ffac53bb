/* Headers in UTF-8 for clients that know none. */
#include "mail/surrogate.h"
#include <string.h>

#define INVALID "<invalid@internationalized-address.invalid>"

static const struct {
  const char *name, *header, *wanted; /* WANTED NULL: may be sent as it is */
} rows[] = {
  { "ascii", "Subject: plain\r\n\r\n", NULL },
  { "subject", "A: 1\r\nSubject: \xc3\xa4\r\n\r\n", "A: 1\r\nSubject: =?UTF-8?B?w6Q=?=\r\n\r\n" },
  { "latin-1", "Subject: \xe4\r\n\r\n", "Subject: =?UTF-8?B?w6Q=?=\r\n\r\n" },
  { "bare-feed", "Subject: \xc3\xa4\n\nbody", "Subject: =?UTF-8?B?w6Q=?=\r\n\r\n" },
  { "display-name", "From: \xc3\xa4 <a@b.c>\r\n\r\n", "From: =?UTF-8?B?w6Q=?= <a@b.c>\r\n\r\n" },
  { "address", "To: x@y.z, \xc3\xa4@b.c\r\n\r\n",
    "To: <x@y.z>,\r\n =?UTF-8?B?w6RAYi5j?= " INVALID "\r\n\r\n" },
  { "group", "To: \xc3\xa4: a@b.c, d@e.f;\r\n\r\n",
    "To: =?UTF-8?B?w6Q=?=: <a@b.c>,\r\n <d@e.f>;\r\n\r\n" },
  { "parameter", "Content-Type: text/plain; name=\"\xc3\xa4;\"; charset=utf-8\r\n\r\n",
    "Content-Type: text/plain;\r\n charset=utf-8\r\n\r\n" },
  { "others-go", "X-Name: \xc3\xa4\r\nY: 1\r\n\r\n", "Y: 1\r\n\r\n" },
  { "no-field", "\xc3\xa4 no field\r\n\r\n", "\r\n" },
};

static void
test_row (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const char *header = rows[i].header;
  const gsize length = strstr (header, "\n\nbody") ? strlen (header) - 4 : strlen (header);
  g_autoptr (GByteArray) surrogate = header_surrogate ((const guint8 *)header, length);

  g_assert_cmpint (surrogate == NULL, ==, rows[i].wanted == NULL);
  if (surrogate)
    g_assert_cmpmem (surrogate->data, surrogate->len, rows[i].wanted, strlen (rows[i].wanted));
}

/* Words have 75 characters at most and hold whole characters. */
static void
test_long (void)
{
  g_autoptr (GString) header = g_string_new ("Subject: x");
  g_autoptr (GByteArray) surrogate = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (header, "\xc3\xa4");
  g_string_append (header, "\r\n\r\n");
  surrogate = header_surrogate ((const guint8 *)header->str, header->len);
  g_byte_array_append (surrogate, (const guint8 *)"", 1);
  lines = g_strsplit ((const char *)surrogate->data, "\r\n", -1);
  for (guint i = 0; *lines[i] != '\0'; i++) {
    gsize length;
    g_autofree char *base64 = g_strdup (strstr (lines[i], "?B?") + 3);
    *strchr (base64, '?') = '\0';
    g_autofree guchar *text = g_base64_decode (base64, &length);
    g_assert_cmpuint (strlen (lines[i]), <, 90);
    g_assert_true (g_utf8_validate ((const char *)text, (gssize)length, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/surrogate/%s", rows[i].name);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/surrogate/long", test_long);
  return g_test_run ();
}
