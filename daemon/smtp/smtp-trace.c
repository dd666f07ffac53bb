/* What the server writes above a mail it has taken (RFC 5321 §4.4, RFC 6409 §8). */
#include "smtp/smtp-trace.h"
#include "mail/address.h"
#include "mail/date.h"
#include "mail/header.h"
#include "mail/message-id.h"
#include <string.h>

#define HEADER_MAX (256 * 1024)
#define AUTHORS_MAX 100

void
smtp_header_free (SmtpHeader *header)
{
  g_ptr_array_unref (header->authors);
  g_free (header->message_id);
  g_free (header);
}

static void
read_authors (SmtpHeader *header, const guint8 *bytes, const HeaderField *field)
{
  g_autofree char *value = header_unfold (bytes, field);
  g_autoptr (GPtrArray) list = address_parse_list (value, AUTHORS_MAX);

  for (guint i = 0; i < list->len; i++) {
    const Address *address = list->pdata[i];
    if (address->mailbox && address->host && *address->host)
      g_ptr_array_add (header->authors, g_strconcat (address->mailbox, "@", address->host, NULL));
  }
}

static gboolean
is_named (const guint8 *bytes, const HeaderField *field, const char *name)
{
  return field->name.length == strlen (name)
      && g_ascii_strncasecmp ((const char *)bytes + field->name.offset, name, field->name.length)
      == 0;
}

static void
read_message_id (SmtpHeader *header, const guint8 *bytes, const HeaderField *field)
{
  g_autofree char *value = header_unfold (bytes, field);
  const char *text = value;

  header->has_message_id = TRUE;
  if (header->message_id == NULL)
    header->message_id = message_id_next (&text);
}

/* There must be one at most: of several none is believed, as the policies of others are the safe
 * side. */
static void
read_tls_required (SmtpHeader *header, const guint8 *bytes, const HeaderField *field)
{
  g_autofree char *value = header_unfold (bytes, field);
  const char *word = header_skip_comments (value);

  header->waives_tls = ++header->tls_fields == 1 && g_ascii_strncasecmp (word, "No", 2) == 0
      && *header_skip_comments (word + 2) == '\0';
}

static void
read_field (SmtpHeader *header, const guint8 *bytes, const HeaderField *field,
            gboolean with_authors)
{
  const gboolean is_from = is_named (bytes, field, "From");

  header->has_fields = TRUE;
  header->hops += is_named (bytes, field, "Received");
  header->has_date |= is_named (bytes, field, "Date");
  if (is_named (bytes, field, "Message-ID"))
    read_message_id (header, bytes, field);
  else if (is_named (bytes, field, "TLS-Required"))
    read_tls_required (header, bytes, field);
  header->has_from |= is_from;
  if (with_authors && is_from && header->author == NULL) {
    const guint before = header->authors->len;

    read_authors (header, bytes, field);
    header->author = header->authors->len > before ? header->authors->pdata[before] : NULL;
  } else if (with_authors && (is_from || is_named (bytes, field, "Sender")))
    read_authors (header, bytes, field);
}

SmtpHeader *
smtp_header_read (GBytes *mail, gboolean with_authors)
{
  SmtpHeader *header = g_new0 (SmtpHeader, 1);
  HeaderField field;
  gsize length, position = 0;
  const guint8 *bytes = g_bytes_get_data (mail, &length);
  const gsize looked_at = MIN (length, HEADER_MAX);

  header->authors = g_ptr_array_new_with_free_func (g_free);
  while (looked_at > 0 && !header->is_cut && header_next (bytes, looked_at, &position, &field)) {
    read_field (header, bytes, &field, with_authors);
    header->is_cut = header->authors->len >= AUTHORS_MAX;
  }
  header->is_cut |= position == looked_at && looked_at < length;
  return header;
}

static const char *
protocol_name (const SmtpSession *self)
{
  if (self->service->kind == SMTP_LMTP)
    return self->utf8 ? "UTF8LMTP" : "LMTP";
  if (self->utf8)
    return "UTF8SMTP";
  return self->extended ? "ESMTP" : "SMTP";
}

/* RFC 3848, RFC 6531 §4.3: S for TLS, A for a login. */
static char *
protocol (SmtpSession *self)
{
  return g_strdup_printf ("%s%s%s", protocol_name (self),
                          channel_is_secure (self->channel) ? "S" : "", self->account ? "A" : "");
}

static void
append_received (SmtpSession *self, GString *out, const char *mail_id, const char *date)
{
  const char *peer = channel_peer_text (self->channel);
  g_autofree char *with = protocol (self);

  g_string_append_printf (out, "Received: from %s ([%s%s])\r\n\tby %s (Hauspost) with %s id %s",
                          self->helo, strchr (peer, ':') ? "IPv6:" : "", peer,
                          self->service->hostname, with, mail_id);
  if (channel_is_secure (self->channel))
    g_string_append_printf (out, "\r\n\t(using %s with cipher %s (%d bits))",
                            channel_tls_protocol (self->channel),
                            channel_tls_cipher (self->channel), channel_tls_bits (self->channel));
  if (self->recipients->len == 1) /* others stay unnamed: that would show blind copies */
    g_string_append_printf (out, "\r\n\tfor <%s>",
                            ((SmtpRecipient *)self->recipients->pdata[0])->address);
  g_string_append_printf (out, ";\r\n\t%s\r\n", date);
}

GBytes *
smtp_trace_new (SmtpSession *self, const SmtpHeader *header, const char *mail_id)
{
  GString *out = g_string_new (NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *date = date_format (now, date_local_zone (now));
  const gboolean submitted = self->service->kind == SMTP_SUBMISSION;

  g_string_append_printf (out, "Return-Path: <%s>\r\n", self->sender);
  if (self->findings)
    g_string_append (out, self->findings);
  append_received (self, out, mail_id, date);
  if (submitted && !header->has_date)
    g_string_append_printf (out, "Date: %s\r\n", date);
  if (submitted && !header->has_message_id)
    g_string_append_printf (out, "Message-ID: <%s@%s>\r\n", mail_id, self->service->hostname);
  if (submitted && !header->has_from)
    g_string_append_printf (out, "From: <%s>\r\n", self->account->address);
  if (!header->has_fields) /* our fields must not run into the body */
    g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}
