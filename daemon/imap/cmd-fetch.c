/* FETCH (RFC 9051 §6.4.5). Bodies that were sent become \Seen afterwards, and the news say so. */
#include "imap/imap-commands.h"

#include "imap/imap-fetch.h"
#include "imap/imap-write.h"

static void
finish (ImapSession *self, gboolean failed)
{
  if (failed)
    imap_session_finish (self, IMAP_NO, "[UNAVAILABLE] Some messages cannot be read");
  else
    imap_session_finish (self, IMAP_OK, "Fetched");
}

static void
did_mark_seen (ImapSession *self, const ImapWritten *written, const GError *error, gpointer data)
{
  gboolean failed = GPOINTER_TO_INT (data);

  /* A full disk keeps nobody from reading: the flag is lost, the answer is not. */
  g_clear_pointer (&self->running.own_modseqs, g_array_unref);
  finish (self, failed);
}

static void
did_fetch (ImapSession *self, const ImapFetched *fetched, gpointer data)
{
  ImapFlagsChange *change;

  if (!self->open)
    return;
  if (fetched->unseen->len == 0 || self->selected->read_only) {
    finish (self, fetched->failed);
    return;
  }
  change = g_new0 (ImapFlagsChange, 1);
  change->change = FLAGS_ADD;
  change->flags = FLAG_SEEN;
  change->keywords = g_ptr_array_new_with_free_func (g_free);
  imap_write_flags (self, g_array_copy ((GArray *)fetched->unseen), change, did_mark_seen,
                    GINT_TO_POINTER (fetched->failed));
}

void
imap_cmd_fetch (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GArray) runs = imap_take_runs (self, arguments);
  g_autoptr (ImapItems) items = NULL;

  if (!runs)
    return;
  items = imap_parser_space (arguments) ? imap_items_parse (arguments) : NULL;
  if (!items || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  if (self->running.by_uid)
    items->what |= IMAP_ITEM_UID;
  imap_fetch (self, g_steal_pointer (&runs), g_steal_pointer (&items), did_fetch, NULL);
}
