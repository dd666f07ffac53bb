/* A record of SPF; and a macro-string, which is expanded, with a sender, a domain and a name of
 * HELO before it, a line each. */
#include "policy/spf-macro.h"
#include "policy/spf-record.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define NAME_MAX_LENGTH 253

static const char *
ptr_name (gpointer data)
{
  return data;
}

static void
expand (char **lines, GInetAddress *address)
{
  g_autofree char *sender = g_strconcat (lines[0], "@", lines[1], NULL);
  const SpfMacros macros = { .sender = sender,
                             .domain = lines[1],
                             .helo = lines[2],
                             .receiver = "r.example",
                             .address = address,
                             .ptr_name = ptr_name,
                             .data = (gpointer) "p.example" };
  g_autofree char *whole = NULL;
  g_autofree char *name = NULL;

  if (!spf_macro_is_valid (lines[3], TRUE))
    return;
  whole = spf_macro_expand (&macros, lines[3]);
  name = spf_domain_expand (&macros, lines[3]);
  g_assert_nonnull (whole);
  /* Whole labels go; a single one that is longer cannot be looked up anyway. */
  g_assert_true (strlen (name) <= NAME_MAX_LENGTH || strchr (name, '.') == NULL);
  g_assert_cmpuint (strlen (name), <=, strlen (whole));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, MIN (size, SPF_RECORD_MAX));
  g_auto (GStrv) lines = g_strsplit (text, "\n", 4);
  g_autofree char *problem = NULL;
  g_autoptr (SpfRecord) record
      = spf_record_is_one (text) ? spf_record_parse (text, &problem) : NULL;

  g_assert_true (!spf_record_is_one (text) || (record == NULL) == (problem != NULL));
  for (guint i = 0; i < 2 && g_strv_length (lines) == 4; i++) {
    g_autoptr (GInetAddress) address
        = g_inet_address_new_from_string (i ? "2001:db8::1" : "192.0.2.1");
    expand (lines, address);
  }
  return 0;
}
