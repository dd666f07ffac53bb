/* Maps, normalizes, and looks for what is prohibited. */
#include "accounts/saslprep.h"

#include <string.h>

typedef struct {
  gunichar first, last;
} Range;

/* RFC 3454 table B.1, without U+200B, which is a space here. */
static const Range to_nothing[]
    = { { 0xAD, 0xAD },     { 0x34F, 0x34F },   { 0x1806, 0x1806 }, { 0x180B, 0x180D },
        { 0x200C, 0x200D }, { 0x2060, 0x2060 }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF } };
/* RFC 3454 table C.1.2. */
static const Range to_space[] = { { 0xA0, 0xA0 },     { 0x1680, 0x1680 }, { 0x2000, 0x200B },
                                  { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 } };
/* RFC 4013 §2.3: tables C.2.1 to C.9; the last two characters of each plane come beside. */
static const Range prohibited[]
    = { { 0x00, 0x1F },       { 0x7F, 0x9F },       { 0x340, 0x341 },     { 0x6DD, 0x6DD },
        { 0x70F, 0x70F },     { 0x180E, 0x180E },   { 0x200C, 0x200F },   { 0x2028, 0x202E },
        { 0x2060, 0x2063 },   { 0x206A, 0x206F },   { 0x2FF0, 0x2FFB },   { 0xD800, 0xF8FF },
        { 0xFDD0, 0xFDEF },   { 0xFEFF, 0xFEFF },   { 0xFFF9, 0xFFFD },   { 0x1D173, 0x1D17A },
        { 0xE0001, 0xE0001 }, { 0xE0020, 0xE007F }, { 0xF0000, 0x10FFFF } };
/* Letters that are written from right to left (RFC 3454 table D.1). */
static const Range right_to_left[]
    = { { 0x5BE, 0x5BE },   { 0x5C0, 0x5C0 },   { 0x5C3, 0x5C3 },  { 0x5D0, 0x5F4 },
        { 0x61B, 0x64A },   { 0x66D, 0x66F },   { 0x671, 0x6D5 },  { 0x6E5, 0x6E6 },
        { 0x6FA, 0x710 },   { 0x712, 0x72C },   { 0x780, 0x7A5 },  { 0x7B1, 0x7B1 },
        { 0x200F, 0x200F }, { 0xFB1D, 0xFDFC }, { 0xFE70, 0xFEFC } };

#define is_in(table, character) is_in_ranges (table, G_N_ELEMENTS (table), character)

static gboolean
is_in_ranges (const Range *ranges, guint count, gunichar character)
{
  for (guint i = 0; i < count; i++)
    if (character >= ranges[i].first && character <= ranges[i].last)
      return TRUE;
  return FALSE;
}

static char *
map (const char *text)
{
  GString *mapped = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    const gunichar character = g_utf8_get_char (text);
    if (is_in (to_space, character))
      g_string_append_c (mapped, ' ');
    else if (!is_in (to_nothing, character))
      g_string_append_unichar (mapped, character);
  }
  return g_string_free (mapped, FALSE);
}

/* RFC 3454 §6: either no letter goes from right to left, or none from left to right, and then the
 * first and the last do. */
static gboolean
mixes_directions (const char *text)
{
  const char *last = g_utf8_find_prev_char (text, text + strlen (text));
  gboolean has_left = FALSE, has_right = FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    const gunichar character = g_utf8_get_char (at);
    if (is_in (right_to_left, character))
      has_right = TRUE;
    else if (g_unichar_isalpha (character))
      has_left = TRUE;
  }
  return has_right
      && (has_left || !is_in (right_to_left, g_utf8_get_char (text))
          || !is_in (right_to_left, g_utf8_get_char (last)));
}

static gboolean
is_allowed (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    const gunichar character = g_utf8_get_char (at);
    if (is_in (prohibited, character) || (character & 0xFFFE) == 0xFFFE)
      return FALSE;
  }
  return *text != '\0' && !mixes_directions (text);
}

char *
saslprep (const char *text)
{
  g_autofree char *mapped = NULL;
  g_autofree char *normalized = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  mapped = map (text);
  normalized = g_utf8_normalize (mapped, -1, G_NORMALIZE_NFKC);
  return normalized && is_allowed (normalized) ? g_steal_pointer (&normalized) : NULL;
}
