/* Writes IMAP's words into an answer. */
#include "imap/imap-print.h"

#include <string.h>

#include "mail/encoding.h"

#define KEYWORD_LENGTH_MAX 100

static const struct {
  guint64 bit;
  const char *name;
} system_flags[] = {
  { FLAG_ANSWERED, "\\Answered" }, { FLAG_FLAGGED, "\\Flagged" }, { FLAG_DELETED, "\\Deleted" },
  { FLAG_SEEN, "\\Seen" },         { FLAG_DRAFT, "\\Draft" },
};

void
imap_print_number (GString *out, guint64 number)
{
  char digits[20];
  gsize at = sizeof digits;

  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  g_string_append_len (out, digits + at, (gssize)(sizeof digits - at));
}

/* RFC 3501's quoted strings are 7-bit and without line ends. */
static gboolean
is_quotable (const char *text)
{
  for (const char *c = text; *c; c++)
    if ((guint8)*c >= 0x80 || *c == '\r' || *c == '\n')
      return FALSE;
  return TRUE;
}

static void
print_quoted (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, *c);
  }
  g_string_append_c (out, '"');
}

void
imap_print_string (GString *out, const char *text)
{
  if (!text) {
    g_string_append (out, "NIL");
    return;
  }
  if (!is_quotable (text))
    g_string_append_printf (out, "{%" G_GSIZE_FORMAT "}\r\n%s", strlen (text), text);
  else
    print_quoted (out, text);
}

void
imap_print_mailbox (GString *out, const char *name, gboolean utf8)
{
  g_autofree char *wire = utf8 ? NULL : utf7_encode (name);

  print_quoted (out, utf8 ? name : wire);
}

static void
print_flag (GString *out, gsize start, const char *name)
{
  if (out->len > start)
    g_string_append_c (out, ' ');
  g_string_append (out, name);
}

void
imap_print_flags (GString *out, guint64 flags, gboolean recent, const GPtrArray *keywords)
{
  gsize start = out->len;

  for (gsize i = 0; i < G_N_ELEMENTS (system_flags); i++)
    if (flags & system_flags[i].bit)
      print_flag (out, start, system_flags[i].name);
  if (recent)
    print_flag (out, start, "\\Recent");
  if (flags < G_GUINT64_CONSTANT (1) << FLAG_KEYWORD_FIRST)
    return;
  for (guint i = 0; keywords && i < keywords->len && i < KEYWORDS_MAX; i++)
    if (flags & G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + i))
      print_flag (out, start, g_ptr_array_index (keywords, i));
}

guint64
imap_flag_bit (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (system_flags); i++)
    if (g_ascii_strcasecmp (name, system_flags[i].name) == 0)
      return system_flags[i].bit;
  return 0;
}

gboolean
imap_keyword_is_valid (const char *name)
{
  return *name && *name != '\\' && strlen (name) <= KEYWORD_LENGTH_MAX;
}
