/* Reads Accept-Language. */
#include "accept-language.h"
#include <string.h>

#define RANGES_MOST 50
#define WHOLE 1000 /* a weight of 1 */

static const char *const tags[LANGUAGES] = { [LANGUAGE_ENGLISH] = "en", [LANGUAGE_GERMAN] = "de" };

const char *
language_tag (Language language)
{
  return tags[language];
}

/* The length of the primary subtag. */
static gsize
primary_length (const char *tag, gsize length)
{
  gsize at = 0;

  while (at < length && g_ascii_isalpha (tag[at]))
    at++;
  return at == length || tag[at] == '-' ? at : 0;
}

static gboolean
parse_tag (const char *tag, gsize length, Language *language)
{
  const gsize primary = primary_length (tag, length);

  for (guint i = 0; i < LANGUAGES; i++)
    if (primary == strlen (tags[i]) && g_ascii_strncasecmp (tag, tags[i], primary) == 0) {
      *language = (Language)i;
      return TRUE;
    }
  return FALSE;
}

gboolean
language_parse (const char *tag, Language *language)
{
  return parse_tag (tag, strlen (tag), language);
}

/* qvalue: "0.8", at most three digits behind the dot. -1: malformed. */
static int
parse_weight (const char *text, gsize length)
{
  int weight, unit = WHOLE / 10;

  if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1')
      || (length > 1 && text[1] != '.'))
    return -1;
  weight = text[0] == '1' ? WHOLE : 0;
  for (gsize i = 2; i < length; i++, unit /= 10) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    weight += (text[i] - '0') * unit;
  }
  return weight <= WHOLE ? weight : -1;
}

static gsize
skip_blanks (const char *text, gsize at, gsize length)
{
  while (at < length && (text[at] == ' ' || text[at] == '\t'))
    at++;
  return at;
}

/* One element of the list: a range and its weight. */
static gboolean
parse_range (const char *text, gsize length, gsize *range, int *weight)
{
  gsize at = 0;

  while (at < length && text[at] != ';' && text[at] != ' ' && text[at] != '\t')
    at++;
  *range = at;
  *weight = WHOLE;
  at = skip_blanks (text, at, length);
  if (at == length)
    return *range > 0;
  if (text[at++] != ';')
    return FALSE;
  at = skip_blanks (text, at, length);
  while (length > at && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  if (length - at < 3 || g_ascii_tolower (text[at]) != 'q' || text[at + 1] != '=')
    return FALSE;
  *weight = parse_weight (text + at + 2, length - at - 2);
  return *range > 0 && *weight >= 0;
}

Language
accept_language (const char *header, Language otherwise)
{
  Language best = otherwise, language;
  int best_weight = 0, weight;
  gsize range;

  for (guint i = 0; header != NULL && *header != '\0' && i < RANGES_MOST; i++) {
    header += skip_blanks (header, 0, strlen (header));
    const gsize length = strcspn (header, ",");
    if (parse_range (header, length, &range, &weight) && weight > best_weight) {
      const gboolean is_any = range == 1 && *header == '*';
      if (is_any || parse_tag (header, range, &language)) {
        best = is_any ? otherwise : language;
        best_weight = weight;
      }
    }
    header += length + (header[length] == ',');
  }
  return best;
}
