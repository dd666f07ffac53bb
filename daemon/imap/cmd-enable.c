/* ENABLE (RFC 5161, RFC 9051 §6.3.1): what a client asks for stays on until its session ends. */
#include "imap/imap-commands.h"

/* To add one, add a line here and a bit to ImapEnabled. */
static const struct {
  const char *name;
  guint bits; /* with all that it implies */
} extensions[] = {
  { "CONDSTORE", IMAP_ENABLED_CONDSTORE },
  { "IMAP4rev2", IMAP_ENABLED_REV2 },
  { "QRESYNC", IMAP_ENABLED_QRESYNC | IMAP_ENABLED_CONDSTORE },
  { "UIDONLY", IMAP_ENABLED_UIDONLY },
  { "UTF8=ACCEPT", IMAP_ENABLED_UTF8 },
};

/* The first command that makes a client aware of MODSEQ tells how far it is informed (RFC 7162
 * §3.1). */
void
imap_session_enable (ImapSession *self, guint bits)
{
  gboolean first = bits & IMAP_ENABLED_CONDSTORE && !(self->enabled & IMAP_ENABLED_CONDSTORE);

  self->enabled |= bits;
  if (first && self->state == IMAP_SELECTED)
    channel_print (self->channel, "* OK [HIGHESTMODSEQ %" G_GUINT64_FORMAT "] Highest\r\n",
                   self->selected->expunge_modseq);
}

gboolean
imap_session_names_are_utf8 (const ImapSession *self)
{
  return (self->enabled & (IMAP_ENABLED_REV2 | IMAP_ENABLED_UTF8)) != 0;
}

ImapParser
imap_session_parser (const ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapParser parser = imap_parser (bytes, length);

  parser.utf8 = imap_session_names_are_utf8 (self);
  return parser;
}

/* Names that are not known are passed over: a client may ask for all it would like. */
static guint
take_extension (ImapParser *arguments, GString *names)
{
  g_autofree char *name = imap_parser_atom (arguments);

  for (gsize i = 0; name && i < G_N_ELEMENTS (extensions); i++) {
    if (g_ascii_strcasecmp (name, extensions[i].name) != 0)
      continue;
    g_string_append_printf (names, " %s", extensions[i].name);
    return extensions[i].bits;
  }
  return 0;
}

void
imap_cmd_enable (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gsize before;
  guint bits = 0;

  do {
    before = arguments->position;
    if (imap_parser_space (arguments))
      bits |= take_extension (arguments, names);
  } while (arguments->position > before + 1 && !imap_parser_at_end (arguments));
  if (arguments->position <= before + 1) {
    imap_session_refuse (self);
    return;
  }
  channel_print (self->channel, "* ENABLED%s\r\n", names->str);
  imap_session_enable (self, bits);
  imap_session_finish (self, IMAP_OK, "Enabled");
}
