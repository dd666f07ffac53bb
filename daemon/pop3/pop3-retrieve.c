/* RETR and TOP (RFC 1939 §5, §7): reads the next piece when the client has taken the last. */
#include "pop3/pop3-private.h"

#include "log.h"
#include "metrics.h"
#include "pop3/pop3-parser.h"
#include "pop3/pop3-reading.h"

typedef struct {
  Pop3Session *session;
  Pop3Reading *reading;
  gboolean is_top;
  gboolean began; /* part of the answer is sent */
} Retrieval;

static void read_next (Pop3Session *session, gpointer data);

static void
end (Retrieval *self)
{
  pop3_resume (self->session);
  pop3_reading_free (self->reading);
  pop3_session_unref (self->session);
  g_free (self);
}

static void
begin_answer (Retrieval *self)
{
  self->began = TRUE;
  pop3_ok (self->session, "%" G_GUINT64_FORMAT " octets", self->reading->size);
  if (self->is_top)
    return;
  self->session->retrieved++;
  metric_add (METRIC_POP3_RETRIEVED, 1);
}

/* Once part of the message is sent no answer would be true but the end of the connection. */
static void
give_up (Retrieval *self, const GError *error)
{
  if (!self->began && g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    pop3_fail (self->session, "[SYS/PERM] That message was removed for good meanwhile");
  } else if (!self->began) {
    pop3_fail_temporarily (self->session, error);
  } else {
    log_event (LOG_ERROR, "A RETR was broken off", "session", channel_id (self->session->channel),
               "user", self->session->user, "error", error->message, NULL);
    channel_abort (self->session->channel);
  }
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Retrieval *self = data;
  Pop3Session *session = self->session;
  g_autoptr (GError) error = NULL;
  const gboolean done = store_read_finish (session->service->store, result, &error);
  g_autoptr (GByteArray) out = g_steal_pointer (&self->reading->out);
  g_autoptr (GBytes) bytes = NULL;

  if (session->open && !done)
    give_up (self, error);
  if (!session->open || !done) {
    end (self);
    return;
  }
  if (!self->began)
    begin_answer (self);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&out));
  channel_write_bytes (session->channel, bytes);
  pop3_when_drained (session, read_next, self);
}

static void
read_next (Pop3Session *session, gpointer data)
{
  Retrieval *self = data;

  if (self->reading->done || !session->open)
    end (self);
  else
    store_read_async (session->service->store, pop3_reading_run, self->reading, NULL, NULL,
                      did_read, self);
}

static void
retrieve (Pop3Session *self, guint64 number, guint64 lines)
{
  const Pop3Message *message = pop3_find_message (self, number);
  Retrieval *retrieval;

  if (message == NULL)
    return;
  pop3_pause (self);
  retrieval = g_new0 (Retrieval, 1);
  retrieval->session = pop3_session_ref (self);
  retrieval->is_top = lines != G_MAXUINT64;
  retrieval->reading = pop3_reading_new (self->maildrop->mailbox, message->uid, lines, self->utf8);
  read_next (self, retrieval);
}

void
pop3_retr (Pop3Session *self, const char *argument)
{
  guint64 number;
  guint count;

  if (!pop3_numbers_parse (argument, 1, 1, &number, &count)) {
    pop3_wrong (self, "Say RETR and the number of a message");
    return;
  }
  retrieve (self, number, G_MAXUINT64);
}

void
pop3_top (Pop3Session *self, const char *argument)
{
  guint64 numbers[2];
  guint count;

  if (pop3_numbers_parse (argument, 2, 2, numbers, &count))
    retrieve (self, numbers[0], MIN (numbers[1], G_MAXUINT64 - 1));
  else
    pop3_wrong (self, "Say TOP, the number of a message, and how many lines");
}
