/* LIST and UIDL (RFC 1939 §5, §7): a line a message, written as fast as the client reads. */
#include "pop3/pop3-private.h"

#include "pop3/pop3-parser.h"

#include <string.h>

#define PIECE_BYTES (32 * 1024)

typedef void (*Print) (const Pop3Session *self, const Pop3Message *message, guint number,
                       GString *out);

typedef struct {
  Print print;
  guint next; /* index of the message that comes next */
} Listing;

static void
print_size (const Pop3Session *self, const Pop3Message *message, guint number, GString *out)
{
  g_string_append_printf (out, "%u %u", number, (guint)message->size);
}

static void
print_unique_id (const Pop3Session *self, const Pop3Message *message, guint number, GString *out)
{
  char text[POP3_UNIQUE_ID_MAX];

  pop3_maildrop_unique_id (self->maildrop, message, text);
  g_string_append_printf (out, "%u %s", number, text);
}

static void
write_piece (Pop3Session *self, gpointer data)
{
  Listing *listing = data;
  GArray *messages = self->maildrop->messages;
  GString *out = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!self->open) {
    g_free (listing);
    pop3_session_unref (self);
    return;
  }
  out = g_string_sized_new (PIECE_BYTES + 64);
  for (; listing->next < messages->len && out->len < PIECE_BYTES; listing->next++) {
    const Pop3Message *message = &g_array_index (messages, Pop3Message, listing->next);
    if (message->is_deleted)
      continue;
    listing->print (self, message, listing->next + 1, out);
    g_string_append (out, "\r\n");
  }
  const gboolean ends = listing->next == messages->len;
  if (ends)
    g_string_append (out, ".\r\n");
  bytes = g_string_free_to_bytes (out);
  channel_write_bytes (self->channel, bytes);
  if (!ends) {
    pop3_when_drained (self, write_piece, listing);
    return;
  }
  g_free (listing);
  pop3_resume (self);
  pop3_session_unref (self);
}

static void
list (Pop3Session *self, const char *argument, Print print, const char *usage)
{
  guint64 number;
  guint count;

  if (!pop3_numbers_parse (argument, 0, 1, &number, &count)) {
    pop3_wrong (self, usage);
  } else if (count == 1) {
    g_autoptr (GString) line = g_string_new (NULL);
    const Pop3Message *message = pop3_find_message (self, number);
    if (message == NULL)
      return;
    print (self, message, (guint)number, line);
    pop3_ok (self, "%s", line->str);
  } else {
    Listing *listing = g_new0 (Listing, 1);
    listing->print = print;
    pop3_pause (self);
    pop3_ok (self, "%u messages", self->maildrop->live);
    write_piece (pop3_session_ref (self), listing);
  }
}

void
pop3_list (Pop3Session *self, const char *argument)
{
  list (self, argument, print_size, "Say LIST, or LIST and the number of a message");
}

void
pop3_uidl (Pop3Session *self, const char *argument)
{
  list (self, argument, print_unique_id, "Say UIDL, or UIDL and the number of a message");
}
