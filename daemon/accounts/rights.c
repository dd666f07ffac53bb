/* Rights as letters. */
#include "accounts/rights.h"

#include <string.h>

static const char letters[] = "lrswipkxtea";

/* RFC 2086 knew these two; RFC 4314 §2.1.1 tells what they became. */
static const struct {
  char letter;
  guint rights;
} old[] = {
  { 'c', RIGHT_CREATE },
  { 'd', RIGHT_DELETE | RIGHT_MARK | RIGHT_EXPUNGE },
};

guint64
rights_flags (guint rights)
{
  guint64 flags = 0;

  if (rights & RIGHT_WRITE)
    flags = G_MAXINT64 & ~(FLAG_SEEN | FLAG_DELETED);
  if (rights & RIGHT_SEEN)
    flags |= FLAG_SEEN;
  if (rights & RIGHT_MARK)
    flags |= FLAG_DELETED;
  return flags;
}

char *
rights_print (guint rights)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; letters[i]; i++)
    if (rights & 1u << i)
      g_string_append_c (text, letters[i]);
  for (guint i = 0; i < G_N_ELEMENTS (old); i++)
    if (rights & old[i].rights)
      g_string_append_c (text, old[i].letter);
  return g_string_free (text, FALSE);
}

gboolean
rights_parse (const char *text, guint *rights)
{
  *rights = 0;
  for (; *text; text++) {
    const char *at = strchr (letters, *text);
    guint meant = at ? 1u << (at - letters) : 0;
    for (guint i = 0; i < G_N_ELEMENTS (old); i++)
      if (old[i].letter == *text)
        meant = old[i].rights;
    if (meant == 0)
      return FALSE;
    *rights |= meant;
  }
  return TRUE;
}
