/* CAPABILITY (RFC 9051 §6.1.1). What is named here is whole. */
#include "imap/imap-commands.h"

#include "settings.h"

/* Inactive until STARTTLS, or never offered, depending on the moment. */
static gboolean
may_start_tls (const ImapSession *self)
{
  return self->state == IMAP_NOT_AUTHENTICATED && self->service->tls
      && !channel_is_secure (self->channel);
}

gboolean
imap_session_may_log_in (const ImapSession *self)
{
  return sign_on_is_safe (self->channel);
}

static void
print_mechanisms (ImapSession *self, GString *out)
{
  g_autofree char *offered = sign_on_mechanisms (self->channel);
  g_auto (GStrv) mechanisms = g_strsplit (offered, " ", -1);

  for (guint i = 0; mechanisms[i]; i++)
    g_string_append_printf (out, " AUTH=%s", mechanisms[i]);
}

/* After the login. To add one, add a line. */
static const char *const known[] = {
  /* clang-format off */
  "ACL",
  "BINARY",
  "CATENATE",
  "CHILDREN",
  "COMPRESS=DEFLATE",
  "CONDSTORE",
  "CREATE-SPECIAL-USE",
  "ENABLE",
  "ESEARCH",
  "ESORT",
  "I18NLEVEL=1",
  "IDLE",
  "INPROGRESS",
  "LIST-EXTENDED",
  "LIST-MYRIGHTS",
  "LIST-STATUS",
  "METADATA",
  "METADATA-SERVER",
  "MOVE",
  "MULTIAPPEND",
  "NAMESPACE",
  "NOTIFY",
  "OBJECTID",
  "PARTIAL",
  "PREVIEW",
  "QRESYNC",
  "QUOTA",
  "QUOTA=RES-MAILBOX",
  "QUOTA=RES-MESSAGE",
  "QUOTA=RES-STORAGE",
  "RIGHTS=texk",
  "REPLACE",
  "SAVEDATE",
  "SEARCH=FUZZY",
  "SEARCHRES",
  "SORT",
  "SORT=DISPLAY",
  "SPECIAL-USE",
  "STATUS=SIZE",
  "THREAD=ORDEREDSUBJECT",
  "THREAD=REFERENCES",
  "UIDBATCHES",
  "UIDONLY",
  "UIDPLUS",
  "UNSELECT",
  "UTF8=ACCEPT",
  "WITHIN",
  "XLIST",
  /* clang-format on */
};

/* The administrator keeps a capability from a user's mail program that has a fault with it. */
gboolean
imap_session_hides (const ImapSession *self, const char *name)
{
  for (char **hidden = self->hidden; hidden && *hidden; hidden++)
    if (g_ascii_strcasecmp (*hidden, name) == 0)
      return TRUE;
  return FALSE;
}

static void
print_known (const ImapSession *self, GString *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (!imap_session_hides (self, known[i]))
      g_string_append_printf (out, " %s", known[i]);
  if (imap_session_may_unauthenticate (self) && !imap_session_hides (self, "UNAUTHENTICATE"))
    g_string_append (out, " UNAUTHENTICATE");
  if (imap_session_hides (self, "APPENDLIMIT"))
    return;
  g_string_append_printf (out, " APPENDLIMIT=%" G_GINT64_FORMAT,
                          setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE));
}

void
imap_capabilities_print (ImapSession *self, GString *out)
{
  g_string_append (out, "IMAP4rev1");
  if (!imap_session_hides (self, "IMAP4rev2"))
    g_string_append (out, " IMAP4rev2");
  g_string_append (out, " LITERAL+ SASL-IR ID");
  if (may_start_tls (self))
    g_string_append (out, " STARTTLS");
  if (self->state != IMAP_NOT_AUTHENTICATED)
    print_known (self, out);
  else if (imap_session_may_log_in (self))
    print_mechanisms (self, out);
  else
    g_string_append (out, " LOGINDISABLED");
}

void
imap_cmd_capability (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GString) out = g_string_new ("* CAPABILITY ");

  imap_capabilities_print (self, out);
  g_string_append (out, "\r\n");
  channel_write (self->channel, out->str, out->len);
  imap_session_finish (self, IMAP_OK, "Done");
}
