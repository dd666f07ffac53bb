/* The IMAP URLs that name a message or a part of one. */
#include "imap/imap-url.h"

#include <string.h>

void
imap_url_free (ImapUrl *self)
{
  g_free (self->mailbox);
  g_clear_pointer (&self->section, imap_section_free);
  g_free (self);
}

/* ";UID=20" at *TEXT: the number; *TEXT goes behind it. 0: something else is there. */
static guint32
take_number (const char **text, const char *name)
{
  gsize length = strlen (name);
  guint32 number;
  ImapParser parser;

  if (g_ascii_strncasecmp (*text, name, length) != 0)
    return 0;
  parser = imap_parser (*text + length, strlen (*text + length));
  if (!imap_parser_number (&parser, &number))
    return 0;
  *text += length + parser.position;
  return number;
}

static char *
unescape (const char *text, gsize length)
{
  g_autofree char *plain = g_uri_unescape_segment (text, text + length, NULL);

  return plain && g_utf8_validate (plain, -1, NULL) ? g_steal_pointer (&plain) : NULL;
}

/* "/Mail%20box;UIDVALIDITY=1": up to the "/;UID=", or to ";UID=" when no mailbox is named. */
static gboolean
take_mailbox (ImapUrl *self, const char **text)
{
  const char *start = **text == '/' ? *text + 1 : *text;
  g_autofree char *plain = NULL;
  gsize length = strcspn (start, ";");

  *text = start + length;
  self->uid_validity = take_number (text, ";UIDVALIDITY=");
  if (length > 0 && start[length - 1] == '/' && self->uid_validity == 0)
    length--;
  else if (length > 0 && *(*text)++ != '/')
    return FALSE;
  if (length == 0)
    return self->uid_validity == 0;
  plain = unescape (start, length);
  self->mailbox = plain ? imap_mailbox_decode (plain, TRUE) : NULL;
  return self->mailbox != NULL && **text == ';';
}

/* "/;SECTION=1.2.MIME": as it would stand in BODY[…]. */
static gboolean
take_section (ImapUrl *self, const char **text)
{
  static const char name[] = "/;SECTION=";
  g_autofree char *plain = NULL;
  g_autofree char *bracketed = NULL;
  const char *end;
  ImapParser parser;

  if (g_ascii_strncasecmp (*text, name, sizeof name - 1) != 0) {
    parser = imap_parser ("[]", 2);
    self->section = imap_section_parse (&parser, FALSE);
    return TRUE;
  }
  *text += sizeof name - 1;
  end = strstr (*text, "/;");
  end = end ? end : *text + strlen (*text);
  plain = unescape (*text, (gsize)(end - *text));
  if (!plain || !*plain)
    return FALSE;
  bracketed = g_strdup_printf ("[%s]", plain);
  parser = imap_parser (bracketed, strlen (bracketed));
  self->section = imap_section_parse (&parser, FALSE);
  *text = end;
  return self->section && imap_parser_at_end (&parser);
}

/* "/;PARTIAL=0.1024"; without a length: to the end. */
static gboolean
take_partial (ImapUrl *self, const char **text)
{
  static const char name[] = "/;PARTIAL=";
  ImapSection *section = self->section;
  ImapParser parser;

  if (g_ascii_strncasecmp (*text, name, sizeof name - 1) != 0)
    return TRUE;
  *text += sizeof name - 1;
  parser = imap_parser (*text, strlen (*text));
  section->partial = TRUE;
  section->length = G_MAXUINT64;
  if (!imap_parser_number64 (&parser, &section->offset)
      || (imap_parser_take (&parser, '.')
          && (!imap_parser_number64 (&parser, &section->length) || section->length == 0)))
    return FALSE;
  *text += parser.position;
  return TRUE;
}

ImapUrl *
imap_url_parse (const char *text)
{
  g_autoptr (ImapUrl) self = g_new0 (ImapUrl, 1);

  /* A colon in the first step of a relative path would be a scheme (RFC 3986 §4.2). */
  if (g_str_has_prefix (text, "//") || text[strcspn (text, ":/;")] == ':'
      || !take_mailbox (self, &text))
    return NULL;
  self->uid = take_number (&text, ";UID=");
  if (self->uid == 0 || !take_section (self, &text) || !take_partial (self, &text) || *text)
    return NULL;
  return g_steal_pointer (&self);
}
