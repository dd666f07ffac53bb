/* Turns text of any charset into valid UTF-8. */
#include "mail/encoding.h"
#include <errno.h>
#include <string.h>

#define REPLACEMENT "\357\277\275" /* U+FFFD */

/* Charsets that mail uses; what does not begin like one of these is never handed to iconv, whose
 * rare converters are the least tested code we could feed with hostile bytes. */
static const char *const families[] = {
  "utf-",      "utf8",      "us-ascii", "ascii",   "iso-8859-", "iso8859",     "windows-",
  "cp",        "koi8",      "big5",     "gb",      "hz-gb",     "iso-2022-jp", "euc-",
  "shift_jis", "shift-jis", "sjis",     "tis-620", "mac",       "iso-2022-kr", "ucs-2",
};

/* What programs call one thing and mean another. */
static const struct {
  const char *name, *meant;
} aliases[] = {
  { "iso-8859-1", "windows-1252" },
  { "latin1", "windows-1252" },
  { "iso-8859-8-i", "iso-8859-8" },
  { "ks_c_5601-1987", "cp949" },
  { "euc-kr", "cp949" },
  { "gb2312", "gb18030" },
  { "gbk", "gb18030" },
  { "unicode-1-1-utf-8", "utf-8" },
  { "utf8", "utf-8" },
};

static gboolean
is_usual (const char *charset)
{
  if (strlen (charset) > 40)
    return FALSE;
  for (const char *next = charset; *next != '\0'; next++)
    if (!g_ascii_isalnum (*next) && strchr ("-_.:+", *next) == NULL)
      return FALSE; /* no "//TRANSLIT", no path */
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_ascii_strncasecmp (charset, families[i], strlen (families[i])) == 0)
      return TRUE;
  return FALSE;
}

static const char *
charset_meant (const char *charset)
{
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_ascii_strcasecmp (charset, aliases[i].name) == 0)
      return aliases[i].meant;
  return charset;
}

static gboolean
is_ascii_or_utf8 (const char *charset)
{
  return charset == NULL || g_ascii_strcasecmp (charset, "utf-8") == 0
      || g_ascii_strcasecmp (charset, "us-ascii") == 0
      || g_ascii_strcasecmp (charset, "ascii") == 0;
}

/* Valid UTF-8 without NUL, which a C string cannot hold. */
static char *
make_valid (const char *text, gsize length)
{
  g_autofree char *valid = NULL;
  GString *whole;
  const char *nul = memchr (text, 0, length);

  if (nul == NULL)
    return g_utf8_make_valid (text, (gssize)length);
  whole = g_string_sized_new (length + 16);
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\0')
      g_string_append (whole, REPLACEMENT);
    else
      g_string_append_c (whole, text[i]);
  }
  valid = g_string_free (whole, FALSE);
  return g_utf8_make_valid (valid, -1);
}

/* Converts all of BYTES, each byte that cannot be converted becoming U+FFFD. The output is bounded:
 * no charset of mail needs more than eight bytes for one. */
static char *
convert (GIConv converter, const guint8 *bytes, gsize length, gboolean *whole)
{
  g_autoptr (GString) out = g_string_sized_new (length * 2);
  char *input = (char *)bytes;
  gsize left = length;
  char buffer[4096];

  while (left > 0 && out->len <= length * 8) {
    char *next = buffer;
    gsize room = sizeof buffer, before = left;
    gsize result = g_iconv (converter, &input, &left, &next, &room);
    int problem = errno;

    g_string_append_len (out, buffer, next - buffer);
    if (result != (gsize)-1 || (problem == E2BIG && (next > buffer || left < before)))
      continue;
    g_string_append (out, REPLACEMENT);
    *whole = FALSE;
    if (problem == EINVAL)
      break; /* a character that the end cuts off */
    input++;
    left--;
  }
  return make_valid (out->str, out->len);
}

/* Where the larger set that is meant has no converter, the smaller one still has. */
static GIConv
open_converter (const char *charset)
{
  GIConv converter = g_iconv_open ("UTF-8", charset_meant (charset));

  return converter != (GIConv)-1 ? converter : g_iconv_open ("UTF-8", charset);
}

static gboolean
is_windows_page (const char *charset)
{
  return g_ascii_strncasecmp (charset, "windows-125", strlen ("windows-125")) == 0
      || g_ascii_strncasecmp (charset, "cp125", strlen ("cp125")) == 0;
}

/* Windows' pages have no C1 controls. Where one comes out, the byte stands for nothing: the
 * converter of Windows says it in this way, that of Linux by an error. */
static char *
replace_controls (char *text, gboolean *whole)
{
  GString *out = g_string_sized_new (strlen (text) + 16);

  for (const char *next = text; *next != '\0'; next = g_utf8_next_char (next)) {
    gunichar c = g_utf8_get_char (next);
    gboolean is_control = c >= 0x80 && c < 0xa0;

    *whole = *whole && !is_control;
    g_string_append_unichar (out, is_control ? 0xfffd : c);
  }
  g_free (text);
  return g_string_free (out, FALSE);
}

char *
charset_convert (const char *charset, const guint8 *bytes, gsize length, gboolean *whole)
{
  const char *meant = charset != NULL ? charset_meant (charset) : NULL;
  GIConv converter;
  char *text;

  *whole = TRUE;
  if (length == 0) /* BYTES may be NULL */
    return g_strdup ("");
  if (is_ascii_or_utf8 (meant)) {
    *whole = g_utf8_validate_len ((const char *)bytes, length, NULL);
    return make_valid ((const char *)bytes, length);
  }
  converter = is_usual (meant) ? open_converter (charset) : (GIConv)-1;
  *whole = converter != (GIConv)-1;
  if (!*whole)
    return make_valid ((const char *)bytes, length);
  text = convert (converter, bytes, length, whole);
  g_iconv_close (converter);
  return is_windows_page (meant) ? replace_controls (text, whole) : text;
}

char *
charset_to_utf8 (const char *charset, const guint8 *bytes, gsize length)
{
  gboolean whole;

  return charset_convert (charset, bytes, length, &whole);
}

gboolean
charset_is_known (const char *charset)
{
  const char *meant = charset_meant (charset);
  GIConv converter;

  if (is_ascii_or_utf8 (meant))
    return TRUE;
  if (!is_usual (meant))
    return FALSE;
  converter = open_converter (charset);
  if (converter == (GIConv)-1)
    return FALSE;
  g_iconv_close (converter);
  return TRUE;
}

char *
charset_guess (const guint8 *bytes, gsize length)
{
  if (length == 0) /* BYTES may be NULL */
    return g_strdup ("");
  if (g_utf8_validate_len ((const char *)bytes, length, NULL))
    return g_strndup ((const char *)bytes, length);
  return charset_to_utf8 ("windows-1252", bytes, length);
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guint8)*text >= 0x80)
      return FALSE;
  return TRUE;
}

/* Titlecase by the simple mapping, one character for one. */
static char *
titlecase (const char *valid)
{
  GString *out = g_string_sized_new (strlen (valid));

  for (; *valid != '\0'; valid = g_utf8_next_char (valid))
    g_string_append_unichar (out, g_unichar_totitle (g_utf8_get_char (valid)));
  return g_string_free (out, FALSE);
}

char *
text_fold (const char *utf8)
{
  if (is_ascii (utf8))
    return g_ascii_strdown (utf8, -1);
  g_autofree char *valid = g_utf8_make_valid (utf8, -1);
  g_autofree char *title = titlecase (valid);
  g_autofree char *normal = g_utf8_normalize (title, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (normal, -1);

  /* Folding may give what is not normalized (U+0345), and the ligatures of NFKD need it twice. */
  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
}

char *
text_casemap (const char *utf8)
{
  if (is_ascii (utf8))
    return g_ascii_strup (utf8, -1);
  g_autofree char *valid = g_utf8_make_valid (utf8, -1);
  g_autofree char *title = titlecase (valid);

  return g_utf8_normalize (title, -1, G_NORMALIZE_ALL);
}

/* What mail is written in, as the world counts it; a converter that stays open stays loaded. */
static const char *const common[] = {
  "iso-8859-1",   "iso-8859-2",   "iso-8859-3",    "iso-8859-4",   "iso-8859-5",   "iso-8859-6",
  "iso-8859-7",   "iso-8859-8",   "iso-8859-9",    "iso-8859-10",  "iso-8859-11",  "iso-8859-13",
  "iso-8859-14",  "iso-8859-15",  "iso-8859-16",   "windows-1250", "windows-1251", "windows-1252",
  "windows-1253", "windows-1254", "windows-1255",  "windows-1256", "windows-1257", "windows-1258",
  "windows-874",  "windows-31j",  "cp437",         "cp737",        "cp775",        "cp850",
  "cp852",        "cp855",        "cp857",         "cp862",        "cp864",        "cp866",
  "cp869",        "cp874",        "cp932",         "cp949",        "cp950",        "koi8-r",
  "koi8-u",       "big5",         "big5-hkscs",    "gbk",          "gb18030",      "gb2312",
  "hz-gb-2312",   "iso-2022-jp",  "iso-2022-jp-2", "iso-2022-kr",  "euc-jp",       "euc-kr",
  "euc-tw",       "euc-cn",       "shift_jis",     "tis-620",      "macintosh",    "utf-7",
  "utf-16",       "utf-16le",     "utf-16be",      "utf-32",       "ucs-2",
};

void
charset_load_common (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    open_converter (common[i]); /* kept for ever; a system need not have all of them */
}
