/* The text of an HTML page. */
#include "mail/html-text.h"
#include <string.h>

#define ENTITY_MAX 12

/* Elements whose content is no text. */
static const char *const silent[] = { "style", "script", "title", "head", "template", "noscript" };

/* Elements that begin no new word; all others stand for a blank. */
static const char *const inside[] = { "a", "abbr", "b",   "big", "code",   "em",   "font", "i",
                                      "q", "s",    "sub", "sup", "strong", "span", "u",    "wbr" };

/* What mail in western languages holds; others stay as they are written. */
static const struct {
  const char *name;
  gunichar character;
} entities[] = {
  { "amp", '&' },      { "lt", '<' },       { "gt", '>' },        { "quot", '"' },
  { "apos", '\'' },    { "nbsp", 0xa0 },    { "iexcl", 0xa1 },    { "pound", 0xa3 },
  { "sect", 0xa7 },    { "copy", 0xa9 },    { "laquo", 0xab },    { "shy", 0xad },
  { "reg", 0xae },     { "deg", 0xb0 },     { "acute", 0xb4 },    { "middot", 0xb7 },
  { "raquo", 0xbb },   { "iquest", 0xbf },  { "Agrave", 0xc0 },   { "Auml", 0xc4 },
  { "Aring", 0xc5 },   { "Eacute", 0xc9 },  { "Ntilde", 0xd1 },   { "Ouml", 0xd6 },
  { "Oslash", 0xd8 },  { "Uuml", 0xdc },    { "szlig", 0xdf },    { "agrave", 0xe0 },
  { "aacute", 0xe1 },  { "acirc", 0xe2 },   { "auml", 0xe4 },     { "aring", 0xe5 },
  { "aelig", 0xe6 },   { "ccedil", 0xe7 },  { "egrave", 0xe8 },   { "eacute", 0xe9 },
  { "ecirc", 0xea },   { "iacute", 0xed },  { "icirc", 0xee },    { "ntilde", 0xf1 },
  { "oacute", 0xf3 },  { "ocirc", 0xf4 },   { "ouml", 0xf6 },     { "oslash", 0xf8 },
  { "ugrave", 0xf9 },  { "uacute", 0xfa },  { "ucirc", 0xfb },    { "uuml", 0xfc },
  { "euro", 0x20ac },  { "ndash", 0x2013 }, { "mdash", 0x2014 },  { "lsquo", 0x2018 },
  { "rsquo", 0x2019 }, { "sbquo", 0x201a }, { "ldquo", 0x201c },  { "rdquo", 0x201d },
  { "bdquo", 0x201e }, { "bull", 0x2022 },  { "hellip", 0x2026 }, { "trade", 0x2122 },
  { "zwnj", 0x200c },  { "zwj", 0x200d },   { "rarr", 0x2192 },   { "larr", 0x2190 },
};

static gboolean
is_one_of (const char *const *names, gsize count, const char *name, gsize length)
{
  for (gsize i = 0; i < count; i++)
    if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], name, length) == 0)
      return TRUE;
  return FALSE;
}

static gsize
name_length (const char *name)
{
  gsize length = 0;

  while (g_ascii_isalnum (name[length]))
    length++;
  return length;
}

/* Behind the '>' of the tag, which may stand in quotes before. */
static const char *
skip_tag (const char *html)
{
  char quote = 0;

  for (; *html; html++) {
    if (quote) {
      if (*html == quote)
        quote = 0;
    } else if (*html == '"' || *html == '\'') {
      quote = *html;
    } else if (*html == '>') {
      return html + 1;
    }
  }
  return html;
}

/* Behind "</NAME", or the end. Moves on from each '<', so the whole page is passed over once. */
static const char *
skip_content (const char *html, const char *name, gsize length)
{
  while ((html = strchr (html, '<'))) {
    html++;
    if (*html == '/' && g_ascii_strncasecmp (html + 1, name, length) == 0
        && !g_ascii_isalnum (html[1 + length]))
      return skip_tag (html);
  }
  return "";
}

/* HTML is behind the '<' of something. */
static const char *
take_tag (GString *out, const char *html)
{
  const char *name = *html == '/' ? html + 1 : html;
  gsize length = name_length (name);
  const char *end;

  if (g_str_has_prefix (html, "!--")) {
    const char *close = strstr (html + 3, "-->");
    return close ? close + 3 : "";
  }
  if (length == 0 && *html != '!' && *html != '?') {
    g_string_append_c (out, '<'); /* "a < b" */
    return html;
  }
  end = skip_tag (html);
  if (!is_one_of (inside, G_N_ELEMENTS (inside), name, length))
    g_string_append_c (out, ' ');
  if (*html != '/' && is_one_of (silent, G_N_ELEMENTS (silent), name, length))
    return skip_content (end, name, length);
  return end;
}

static gunichar
number_of (const char *text)
{
  gboolean hex = *text == 'x' || *text == 'X';
  guint64 number = g_ascii_strtoull (text + hex, NULL, hex ? 16 : 10);

  return number > 0 && number <= 0x10ffff && g_unichar_validate ((gunichar)number)
      ? (gunichar)number
      : 0xfffd;
}

/* HTML is behind the '&'. */
static const char *
take_entity (GString *out, const char *html)
{
  const char *end = memchr (html, ';', strnlen (html, ENTITY_MAX));
  gsize length = end ? (gsize)(end - html) : 0;

  if (length == 0) {
    g_string_append_c (out, '&');
    return html;
  }
  if (*html == '#' && g_ascii_isxdigit (html[1 + (html[1] == 'x' || html[1] == 'X')])) {
    g_string_append_unichar (out, number_of (html + 1));
    return html + length + 1;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
    if (strlen (entities[i].name) == length && strncmp (entities[i].name, html, length) == 0) {
      g_string_append_unichar (out, entities[i].character);
      return html + length + 1;
    }
  g_string_append_c (out, '&');
  return html;
}

char *
html_to_text (const char *html, gsize most)
{
  GString *out = g_string_new (NULL);

  while (*html && out->len < most) {
    gsize plain = strcspn (html, "<&");
    g_string_append_len (out, html, (gssize)plain);
    html += plain;
    if (*html == '<')
      html = take_tag (out, html + 1);
    else if (*html == '&')
      html = take_entity (out, html + 1);
  }
  return g_string_free (out, FALSE);
}
