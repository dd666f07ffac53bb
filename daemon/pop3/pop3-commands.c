/* Runs commands from one table; the short ones are here. */
#include "pop3/pop3-private.h"

#include "metrics.h"
#include "pop3/pop3-parser.h"
#include "settings.h"

#include <openssl/crypto.h>
#include <string.h>

/* The same in every state, as RFC 2449 §6 and RFC 2595 §4 say of each: only TLS makes a difference.
 * What is named here is whole. */
static void
pop3_capa (Pop3Session *self, const char *argument)
{
  g_autoptr (GString) out = g_string_new ("+OK What this server can do follows\r\n");
  g_autofree char *mechanisms = sign_on_mechanisms (self->channel);

  if (sign_on_is_safe (self->channel))
    g_string_append_printf (out, "USER\r\nSASL %s\r\n", mechanisms);
  if (self->service->tls && !channel_is_secure (self->channel))
    g_string_append (out, "STLS\r\n");
  g_string_append_printf (out,
                          "TOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n"
                          "UTF8 USER\r\nEXPIRE NEVER\r\nLOGIN-DELAY %" G_GINT64_FORMAT
                          "\r\nIMPLEMENTATION Hauspost\r\n.\r\n",
                          setting_number (SETTING_POP3_LOGIN_DELAY));
  channel_write (self->channel, out->str, out->len);
}

static void
pop3_stls (Pop3Session *self, const char *argument)
{
  if (self->service->tls == NULL || channel_is_secure (self->channel)) {
    pop3_wrong (self, "TLS is not to be had here or in use already");
    return;
  }
  pop3_ok (self, "Begin TLS negotiation");
  channel_start_tls (self->channel, self->service->tls);
}

static void
pop3_utf8 (Pop3Session *self, const char *argument)
{
  self->utf8 = TRUE;
  pop3_ok (self, "Headers come in UTF-8");
}

static void
pop3_noop (Pop3Session *self, const char *argument)
{
  pop3_ok (self, "Still here");
}

static void
pop3_stat (Pop3Session *self, const char *argument)
{
  pop3_ok (self, "%u %" G_GUINT64_FORMAT, self->maildrop->live, self->maildrop->size);
}

Pop3Message *
pop3_find_message (Pop3Session *self, guint64 number)
{
  gboolean is_deleted;
  Pop3Message *message = pop3_maildrop_find (self->maildrop, number, &is_deleted);

  if (message == NULL)
    pop3_wrong (self, is_deleted ? "That message is marked as deleted" : "No such message");
  return message;
}

static void
pop3_dele (Pop3Session *self, const char *argument)
{
  guint64 number;
  guint count;
  Pop3Message *message;

  if (!pop3_numbers_parse (argument, 1, 1, &number, &count)) {
    pop3_wrong (self, "Say DELE and the number of a message");
    return;
  }
  message = pop3_find_message (self, number);
  if (message == NULL)
    return;
  pop3_maildrop_mark (self->maildrop, message);
  pop3_ok (self, "Deleted when you QUIT");
}

static void
pop3_rset (Pop3Session *self, const char *argument)
{
  pop3_maildrop_unmark_all (self->maildrop);
  pop3_ok (self, "%u messages (%" G_GUINT64_FORMAT " octets)", self->maildrop->live,
           self->maildrop->size);
}

typedef struct {
  gint64 mailbox;
  GArray *marked; /* UidRange */
} Update;

static void
update_free (gpointer data)
{
  Update *self = data;

  g_array_unref (self->marked);
  g_free (self);
}

/* All of them in one commit: a client never has to guess which. */
static gboolean
write_update (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Update *self = data;
  guint32 next;

  return mailbox_expunge (transaction, self->mailbox, (const UidRange *)self->marked->data,
                          self->marked->len, 0, &next, error);
}

static void
did_update (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Pop3Session) self = data;
  g_autoptr (GError) error = NULL;
  const gboolean done = store_write_finish (self->service->store, result, &error);

  pop3_session_leave (self);
  if (!self->open)
    return;
  if (done)
    pop3_ok (self, "Goodbye");
  else
    pop3_fail_temporarily (self, error); /* some deleted messages not removed (RFC 1939 §6) */
  channel_close (self->channel);
}

static void
pop3_quit (Pop3Session *self, const char *argument)
{
  Update *update;

  if (self->maildrop == NULL || self->maildrop->deleted == 0) {
    pop3_session_leave (self); /* before the answer: the client may come back at once */
    pop3_ok (self, "Goodbye");
    channel_close (self->channel);
    return;
  }
  self->state = POP3_UPDATE;
  pop3_pause (self);
  update = g_new0 (Update, 1);
  update->mailbox = self->maildrop->mailbox;
  update->marked = pop3_maildrop_marked (self->maildrop);
  metric_add (METRIC_POP3_DELETED, self->maildrop->deleted);
  store_write_async (self->service->store, write_update, update, update_free, NULL, did_update,
                     pop3_session_ref (self));
}

#define ANYTIME (POP3_AUTHORIZATION | POP3_TRANSACTION)

typedef enum {
  POP3_BARE = 1, /* takes no argument */
  POP3_SECRET = 2, /* its line is wiped */
} Pop3CommandFlags;

/* To add a command, add a line here and a handler above or in a file of its own. */
static const struct {
  const char *name;
  guint states; /* bits of Pop3State */
  guint flags; /* bits of Pop3CommandFlags */
  void (*run) (Pop3Session *self, const char *argument);
} commands[] = {
  { "CAPA", ANYTIME, POP3_BARE, pop3_capa },
  { "STLS", POP3_AUTHORIZATION, POP3_BARE, pop3_stls },
  { "UTF8", POP3_AUTHORIZATION, POP3_BARE, pop3_utf8 },
  { "AUTH", POP3_AUTHORIZATION, POP3_SECRET, pop3_auth },
  { "USER", POP3_AUTHORIZATION, 0, pop3_user },
  { "PASS", POP3_AUTHORIZATION, POP3_SECRET, pop3_pass },
  { "STAT", POP3_TRANSACTION, POP3_BARE, pop3_stat },
  { "LIST", POP3_TRANSACTION, 0, pop3_list },
  { "UIDL", POP3_TRANSACTION, 0, pop3_uidl },
  { "RETR", POP3_TRANSACTION, 0, pop3_retr },
  { "TOP", POP3_TRANSACTION, 0, pop3_top },
  { "DELE", POP3_TRANSACTION, 0, pop3_dele },
  { "RSET", POP3_TRANSACTION, POP3_BARE, pop3_rset },
  { "NOOP", POP3_TRANSACTION, POP3_BARE, pop3_noop },
  { "QUIT", ANYTIME, POP3_BARE, pop3_quit },
};

static void
run (Pop3Session *self, char *line, gsize length)
{
  const char *argument = pop3_line_split (line);

  metric_add (METRIC_POP3_COMMANDS, 1);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_ascii_strcasecmp (line, commands[i].name) != 0)
      continue;
    if (!(commands[i].states & self->state))
      pop3_wrong (self,
                  self->state == POP3_AUTHORIZATION ? "Log in first" : "You are logged in already");
    else if ((commands[i].flags & POP3_BARE) && strspn (argument, " ") != strlen (argument))
      pop3_wrong (self, "This command takes no argument");
    else
      commands[i].run (self, argument);
    if (commands[i].flags & POP3_SECRET)
      OPENSSL_cleanse (line, length);
    return;
  }
  pop3_wrong (self, "There is no such command");
}

gsize
pop3_expect_command (Pop3Session *self, const guint8 *bytes, gsize length)
{
  gboolean too_long;
  gsize taken = pop3_line_find (bytes, length, &too_long);
  g_autofree char *line = NULL;

  if (too_long) {
    pop3_fail (self, "The line is too long");
    channel_close (self->channel);
    return length;
  }
  if (taken == 0)
    return 0;
  line = pop3_line_text (bytes, taken);
  if (line == NULL)
    pop3_wrong (self, "A command holds no NUL");
  else
    run (self, line, strlen (line));
  return taken;
}
