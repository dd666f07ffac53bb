/* UIDBATCHES (RFC 10022): UID ranges, from the newest down, that hold as many messages each. The
 * session knows the UIDs, and finds a range in a few steps: it costs less than most commands, so
 * that who asks again is not turned away (RFC 10022 §6 wants that where it is dear). */
#include "imap/imap-commands.h"

#include "imap/imap-print.h"

#define SIZE_MIN 500 /* messages of a batch that a client may ask for */

typedef struct {
  guint32 size;
  guint32 first, last; /* batches, counted from the newest */
} Batches;

/* SP size [SP first ":" last] */
static gboolean
take_batches (ImapParser *arguments, Batches *self)
{
  *self = (Batches) { 0, 1, G_MAXUINT32 };
  if (!imap_parser_space (arguments) || !imap_parser_number (arguments, &self->size)
      || self->size == 0)
    return FALSE;
  if (imap_parser_space (arguments)
      && (!imap_parser_number (arguments, &self->first) || self->first == 0
          || !imap_parser_take (arguments, ':') || !imap_parser_number (arguments, &self->last)
          || self->last == 0))
    return FALSE;
  return imap_parser_at_end (arguments);
}

/* The ranges leave no gap between them, and the last goes down to 1. */
static void
print_batch (GString *out, const ImapSequence *sequence, const Batches *self, guint32 batch)
{
  guint64 count = imap_sequence_count (sequence);
  guint64 newer = (guint64)(batch - 1) * self->size; /* messages in the batches before */
  guint64 oldest = count > newer + self->size ? count - newer - self->size + 1 : 1;
  guint32 high = newer == 0 ? imap_sequence_last_uid (sequence)
                            : imap_sequence_uid (sequence, (guint32)(count - newer + 1)) - 1;

  g_string_append_c (out, batch == self->first ? ' ' : ',');
  imap_print_number (out, high);
  g_string_append_c (out, ':');
  imap_print_number (out, oldest == 1 ? 1 : imap_sequence_uid (sequence, (guint32)oldest));
}

static void
answer (ImapSession *self, const Batches *batches)
{
  const ImapSequence *sequence = self->selected->sequence;
  guint64 count = imap_sequence_count (sequence);
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "* UIDBATCHES (TAG \"%s\")", self->running.tag);
  for (guint32 batch = batches->first;
       batch <= batches->last && (guint64)(batch - 1) * batches->size < count; batch++)
    print_batch (out, sequence, batches, batch);
  g_string_append (out, "\r\n");
  channel_write (self->channel, out->str, out->len);
  imap_session_finish (self, IMAP_OK, "Done");
}

void
imap_cmd_uidbatches (ImapSession *self, ImapParser *arguments)
{
  Batches batches;

  if (!take_batches (arguments, &batches))
    imap_session_refuse (self);
  else if (batches.first > batches.last)
    imap_session_finish (self, IMAP_BAD, "[CLIENTBUG] The newest batch comes first");
  else if (batches.size < SIZE_MIN)
    imap_session_finish (self, IMAP_NO, "[TOOFEW] A batch has at least %d messages", SIZE_MIN);
  else
    answer (self, &batches);
}
