/* The beginning of what a person would read of a message. */
#include "mail/preview.h"
#include "mail/encoding.h"
#include "mail/html-text.h"
#include <string.h>

/* How much of a body is looked at: newsletters begin with long styles. */
#define PLAIN_MAX (8 * 1024)
#define HTML_MAX (256 * 1024)
#define TEXT_MAX (8 * 1024)
#define LEAVES_MAX 20

typedef struct {
  const guint8 *message;
  guint leaves; /* that were tried */
} Search;

static char *preview_of (Search *search, const MimePart *part);

/* Blanks become one, and what nobody sees (zero width, controls, fillers of newsletters) goes. */
static gboolean
is_invisible (gunichar c)
{
  return (g_unichar_iszerowidth (c) && !g_unichar_ismark (c)) || c == 0xad || c == 0x34f
      || c == 0xfeff || c == 0xfffd || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
      || (c >= 0x2060 && c <= 0x206f) || (g_unichar_iscntrl (c) && !g_unichar_isspace (c));
}

static char *
one_line (const char *text)
{
  GString *out = g_string_new (NULL);
  guint characters = 0;
  gboolean blank = FALSE;

  for (; *text && characters < PREVIEW_MAX; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    if (g_unichar_isspace (c)) {
      blank = out->len > 0;
      continue;
    }
    if (is_invisible (c))
      continue;
    if (blank && ++characters == PREVIEW_MAX)
      break;
    if (blank)
      g_string_append_c (out, ' ');
    blank = FALSE;
    g_string_append_unichar (out, c);
    characters++;
  }
  return g_string_free (out, FALSE);
}

/* Quoted lines and what stands below the signature's mark are no news. */
static char *
without_quotes (const char *text)
{
  GString *out = g_string_new (NULL);

  while (*text) {
    gsize length = strcspn (text, "\n");
    if (g_str_has_prefix (text, "-- \n") || g_str_has_prefix (text, "-- \r\n"))
      break;
    if (*text != '>')
      g_string_append_len (out, text, (gssize)length);
    g_string_append_c (out, '\n');
    text += length + (text[length] == '\n');
  }
  return g_string_free (out, FALSE);
}

static char *
preview_plain (const char *text)
{
  g_autofree char *own = without_quotes (text);
  g_autofree char *line = NULL;

  if (strstr (text, "-----BEGIN PGP MESSAGE-----"))
    return g_strdup ("");
  line = one_line (own);
  return *line ? g_steal_pointer (&line) : one_line (text);
}

static char *
preview_leaf (Search *search, const MimePart *part)
{
  gboolean html = mime_part_is (part, "text", "html");
  gsize length = MIN (part->body.length, html ? HTML_MAX : PLAIN_MAX);
  const char *charset = mime_part_parameter (part, "charset");
  g_autoptr (GByteArray) decoded = NULL;
  g_autofree char *text = NULL;
  g_autofree char *plain = NULL;

  decoded = encoding_decode (part->encoding, search->message + part->body.offset, length);
  text = charset ? charset_to_utf8 (charset, decoded->data, decoded->len)
                 : charset_guess (decoded->data, decoded->len);
  if (!html)
    return preview_plain (text);
  plain = html_to_text (text, TEXT_MAX);
  return one_line (plain);
}

static gboolean
is_readable (const MimePart *part)
{
  if (part->disposition && g_ascii_strcasecmp (part->disposition, "attachment") == 0)
    return FALSE;
  return mime_part_is (part, "text", "plain") || mime_part_is (part, "text", "html");
}

/* Of alternatives the plain one, as long as it says something. */
static char *
preview_children (Search *search, const MimePart *part, gboolean alternatives)
{
  for (guint pass = alternatives ? 0 : 1; pass < 2; pass++)
    for (guint i = 0; i < part->children->len; i++) {
      const MimePart *child = part->children->pdata[i];
      g_autofree char *text = NULL;
      if (pass == 0 && !mime_part_is (child, "text", "plain"))
        continue;
      text = preview_of (search, child);
      if (*text)
        return g_steal_pointer (&text);
    }
  return g_strdup ("");
}

/* The tree's depth is bounded (MIME_DEPTH_MAX). A mail inside a mail is somebody else's words. */
static char *
preview_of (Search *search, const MimePart *part)
{
  if (!part->children)
    return is_readable (part) && search->leaves++ < LEAVES_MAX ? preview_leaf (search, part)
                                                               : g_strdup ("");
  if (!mime_part_is (part, "multipart", NULL) || mime_part_is (part, "multipart", "encrypted"))
    return g_strdup ("");
  return preview_children (search, part, mime_part_is (part, "multipart", "alternative"));
}

char *
preview_new (const guint8 *message, const MimePart *root)
{
  Search search = { message, 0 };

  return preview_of (&search, root);
}
