/* Writes a multipart/report: words for a person, fields for a program, the mail's beginning. */
#include "queue/report.h"
#include "accept-language.h"
#include "queue/letter.h"
#include "queue/report-texts.h"
#include "queue/xtext.h"
#include "mail/date.h"
#include "mail/header.h"
#include <string.h>

/* NOTIFY holds WORD (RFC 3461 §4.1). */
static gboolean
asks_for (const char *notify, const char *word)
{
  g_auto (GStrv) words = g_strsplit (notify, ",", -1);

  for (guint i = 0; words[i]; i++)
    if (g_ascii_strcasecmp (words[i], word) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_over (const QueueRecipient *recipient, gint64 now)
{
  return recipient->outcome == QUEUE_FAILED
      || (recipient->outcome == QUEUE_DEFERRED && now >= recipient->expires);
}

gboolean
report_concerns (ReportKind kind, const QueueMail *mail, const QueueRecipient *recipient,
                 gint64 now, gint64 delay)
{
  const char *notify = recipient->notify;

  if (*mail->sender == '\0') /* never a notice about a notice (RFC 5321 §6.1) */
    return FALSE;
  switch (kind) {
  case REPORT_FAILED:
    return is_over (recipient, now) && (notify == NULL || asks_for (notify, "FAILURE"));
  case REPORT_DELAYED:
    return recipient->outcome == QUEUE_DEFERRED && !is_over (recipient, now) && !recipient->noticed
        && now >= MAX (recipient->created, recipient->released) + delay
        && (notify == NULL || asks_for (notify, "DELAY"));
  case REPORT_RELAYED:
    return recipient->outcome == QUEUE_DELIVERED && recipient->row != 0 && !mail->is_local
        && !recipient->told_dsn && notify && asks_for (notify, "SUCCESS");
  case REPORT_DELIVERED:
    return recipient->outcome == QUEUE_DELIVERED && (recipient->row == 0 || mail->is_local)
        && notify && asks_for (notify, "SUCCESS");
  default:
    return FALSE;
  }
}

gboolean
report_is_wanted (ReportKind kind, const QueueMail *mail, gint64 now, gint64 delay)
{
  for (guint i = 0; i < mail->recipients->len; i++)
    if (report_concerns (kind, mail, mail->recipients->pdata[i], now, delay))
      return TRUE;
  return FALSE;
}

typedef struct {
  const Report *report;
  GString *text;
  gint64 delay;
  char boundary[40];
} Writer;

static void
write_header (Writer *self)
{
  const Report *report = self->report;
  const Letter letter = { "Mail Delivery System",
                          report->hostname,
                          report->mail->sender,
                          _ (report_texts[report->kind].subject),
                          "auto-replied",
                          report->language,
                          report->now };

  letter_begin (self->text, &letter);
  g_string_append_printf (
      self->text,
      "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"%s\"\r\n\r\n",
      self->boundary);
}

/* REPORT_FAILED of one that was only late: it was given up. */
static const char *
status_of (Writer *self, const QueueRecipient *recipient)
{
  return self->report->kind == REPORT_FAILED && recipient->outcome == QUEUE_DEFERRED
      ? "5.4.7"
      : recipient->status;
}

static void
write_recipient_words (Writer *self, const QueueRecipient *recipient)
{
  const char *why
      = recipient->outcome == QUEUE_DELIVERED ? NULL : report_explain (status_of (self, recipient));
  g_autofree char *said = recipient->host && recipient->reply
      ? g_strdup_printf (_ ("The server %s said: %s"), recipient->host, recipient->reply)
      : g_strdup (recipient->reply);

  g_string_append_printf (self->text, "\r\n  %s\r\n", recipient->address);
  if (why)
    letter_paragraph (self->text, 4, why);
  if (said)
    letter_paragraph (self->text, 4, said);
}

static gboolean
concerns (Writer *self, const QueueRecipient *recipient)
{
  return report_concerns (self->report->kind, self->report->mail, recipient, self->report->now,
                          self->delay);
}

static void
write_words (Writer *self)
{
  const ReportText *text = &report_texts[self->report->kind];
  const GPtrArray *recipients = self->report->mail->recipients;

  g_string_append_printf (self->text,
                          "--%s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: 8bit\r\n\r\n",
                          self->boundary);
  letter_paragraph (self->text, 0, _ (text->intro));
  g_string_append (self->text, "\r\n");
  letter_paragraph (self->text, 0, _ (text->list));
  for (guint i = 0; i < recipients->len; i++)
    if (concerns (self, recipients->pdata[i]))
      write_recipient_words (self, recipients->pdata[i]);
  g_string_append (self->text, "\r\n");
  letter_paragraph (self->text, 0, _ (text->outro));
  g_string_append (self->text, "\r\n");
}

/* RFC 3464 §2.3. */
static void
write_recipient_fields (Writer *self, const QueueRecipient *recipient)
{
  static const char *const actions[REPORT_COUNT] = { "failed", "delayed", "relayed", "delivered" };
  g_autofree char *until = date_format (recipient->expires, 0);
  const char *type = g_str_is_ascii (recipient->address) ? "rfc822" : "utf-8";

  g_string_append (self->text, "\r\n");
  if (recipient->orcpt) {
    const char *address = strchr (recipient->orcpt, ';');
    g_autofree char *decoded = address ? xtext_decode (address + 1) : NULL;
    if (decoded)
      g_string_append_printf (self->text, "Original-Recipient: %.*s; %s\r\n",
                              (int)(address - recipient->orcpt), recipient->orcpt, decoded);
  }
  g_string_append_printf (self->text, "Final-Recipient: %s; %s\r\nAction: %s\r\nStatus: %s\r\n",
                          type, recipient->address, actions[self->report->kind],
                          status_of (self, recipient));
  if (recipient->host)
    g_string_append_printf (self->text, "Remote-MTA: dns; %s\r\nDiagnostic-Code: smtp; %s\r\n",
                            recipient->host, recipient->reply);
  if (self->report->kind == REPORT_DELAYED)
    g_string_append_printf (self->text, "Will-Retry-Until: %s\r\n", until);
}

static void
write_fields (Writer *self)
{
  const Report *report = self->report;
  const GPtrArray *recipients = report->mail->recipients;
  gboolean is_global = FALSE;
  gint64 arrived = report->now;
  g_autofree char *date = NULL;
  g_autofree char *envid = NULL;

  for (guint i = 0; i < recipients->len; i++) {
    const QueueRecipient *recipient = recipients->pdata[i];
    is_global |= concerns (self, recipient) && !g_str_is_ascii (recipient->address);
    arrived = MIN (arrived, recipient->created);
  }
  date = date_format (arrived, 0);
  g_string_append_printf (self->text, "--%s\r\nContent-Type: message/%s\r\n\r\n", self->boundary,
                          is_global ? "global-delivery-status" : "delivery-status");
  envid = report->mail->envid ? xtext_decode (report->mail->envid) : NULL;
  if (envid)
    g_string_append_printf (self->text, "Original-Envelope-Id: %s\r\n", envid);
  g_string_append_printf (self->text, "Reporting-MTA: dns; %s\r\nArrival-Date: %s\r\n",
                          report->hostname, date);
  if (report->mail->future) /* RFC 4865 */
    g_string_append_printf (self->text, "Future-Release-Request: %s\r\n", report->mail->future);
  for (guint i = 0; i < recipients->len; i++)
    if (concerns (self, recipients->pdata[i]))
      write_recipient_fields (self, recipients->pdata[i]);
  g_string_append (self->text, "\r\n");
}

/* The header section, with the line that ends it; never cut within a field. */
static gsize
header_length (const guint8 *bytes, gsize length)
{
  HeaderField field;
  gsize position = 0, whole = 0;

  while (header_next (bytes, length, &position, &field))
    if (field.whole.offset + field.whole.length < length)
      whole = field.whole.offset + field.whole.length;
  return whole;
}

/* The whole mail only when it was asked for, is known whole, and something went wrong (RFC 3461
 * §4.3); never of one that demanded TLS (RFC 8689 §5). */
static void
write_original (Writer *self)
{
  const Report *report = self->report;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (report->original, &length);
  const gboolean full = report->kind == REPORT_FAILED && report->mail->size == length
      && report->mail->ret && g_ascii_strcasecmp (report->mail->ret, "FULL") == 0
      && !report->mail->requires_tls;

  g_string_append_printf (self->text, "--%s\r\nContent-Type: %s\r\n\r\n", self->boundary,
                          full ? report->mail->utf8 ? "message/global" : "message/rfc822"
                              : report->mail->utf8 ? "message/global-headers"
                                                   : "text/rfc822-headers");
  g_string_append_len (self->text, (const char *)bytes,
                       full ? length : header_length (bytes, length));
  g_string_append_printf (self->text, "\r\n--%s--\r\n", self->boundary);
}

Language
report_language (GBytes *original)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (original, &length);
  HeaderField field;
  g_autofree char *languages = header_find (bytes, length, "Content-Language", &field)
      ? header_unfold (bytes, &field)
      : NULL;

  return accept_language (languages, language_of_server ());
}

GBytes *
report_compose (const Report *report, gint64 delay)
{
  Writer self = { .report = report, .text = g_string_new (NULL), .delay = delay };
  const Speech before = language_speak (language_speech (report->language));

  g_snprintf (self.boundary, sizeof self.boundary, "%08x%08x.%" G_GINT64_MODIFIER "x",
              g_random_int (), g_random_int (), report->now);
  write_header (&self);
  write_words (&self);
  language_speak (before);
  write_fields (&self);
  write_original (&self);
  return g_string_free_to_bytes (self.text);
}
