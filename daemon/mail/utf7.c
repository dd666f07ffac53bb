/* The modified UTF-7 of IMAP4rev1 mailbox names (RFC 3501 §5.1.3), strict: a name has one form. */
#include "mail/encoding.h"
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static gboolean
is_direct (gunichar character)
{
  return character >= 0x20 && character <= 0x7e;
}

/* Takes one UTF-16 unit. *HIGH is a high surrogate that waits for its low one. */
static gboolean
take_unit (GString *out, guint unit, guint *high)
{
  if (*high != 0) {
    if (unit < 0xdc00 || unit > 0xdfff)
      return FALSE;
    g_string_append_unichar (out, 0x10000 + ((*high - 0xd800) << 10) + (unit - 0xdc00));
    *high = 0;
    return TRUE;
  }
  if (unit >= 0xd800 && unit <= 0xdbff) {
    *high = unit;
    return TRUE;
  }
  if (unit == 0 || is_direct (unit) || (unit >= 0xdc00 && unit <= 0xdfff))
    return FALSE; /* printable ASCII stands for itself */
  g_string_append_unichar (out, unit);
  return TRUE;
}

/* *NAME is behind the '&'; behind the '-' after success. */
static gboolean
decode_shifted (GString *out, const char **name)
{
  guint32 bits = 0;
  guint count = 0, high = 0;

  for (; **name != '-'; (*name)++) {
    const char *place = **name != '\0' ? strchr (alphabet, **name) : NULL;

    if (place == NULL)
      return FALSE;
    bits = bits << 6 | (guint32)(place - alphabet);
    count += 6;
    if (count < 16)
      continue;
    count -= 16;
    if (!take_unit (out, bits >> count & 0xffff, &high))
      return FALSE;
  }
  (*name)++;
  return high == 0 && count < 6 && (bits & ((1u << count) - 1)) == 0;
}

char *
utf7_decode (const char *name)
{
  g_autoptr (GString) out = g_string_sized_new (strlen (name));

  while (*name != '\0') {
    if (!is_direct ((guchar)*name))
      return NULL;
    if (*name != '&') {
      g_string_append_c (out, *name++);
    } else if (name[1] == '-') {
      g_string_append_c (out, '&');
      name += 2;
    } else {
      name++;
      if (!decode_shifted (out, &name))
        return NULL;
      if (*name == '&' && name[1] != '-')
        return NULL; /* two shifts that should have been one */
    }
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static const char *
encode_shifted (GString *out, const char *text)
{
  guint32 bits = 0;
  guint count = 0;

  g_string_append_c (out, '&');
  for (; *text != '\0' && !is_direct (g_utf8_get_char (text)); text = g_utf8_next_char (text)) {
    gunichar character = g_utf8_get_char (text);
    guint units[2] = { character, 0 };
    guint length = character > 0xffff ? 2 : 1;

    if (length == 2) {
      units[0] = 0xd800 + ((character - 0x10000) >> 10);
      units[1] = 0xdc00 + ((character - 0x10000) & 0x3ff);
    }
    for (guint i = 0; i < length; i++)
      for (bits = bits << 16 | units[i], count += 16; count >= 6; count -= 6)
        g_string_append_c (out, alphabet[bits >> (count - 6) & 63]);
  }
  if (count > 0)
    g_string_append_c (out, alphabet[bits << (6 - count) & 63]);
  g_string_append_c (out, '-');
  return text;
}

char *
utf7_encode (const char *utf8)
{
  g_autofree char *valid = g_utf8_make_valid (utf8, -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *next = valid; *next != '\0';) {
    if (*next == '&') {
      g_string_append (out, "&-");
      next++;
    } else if (is_direct (g_utf8_get_char (next))) {
      g_string_append_c (out, *next++);
    } else {
      next = encode_shifted (out, next);
    }
  }
  return g_string_free (out, FALSE);
}
