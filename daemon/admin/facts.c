/* What the overview reads of the store, in one snapshot. */
#include "admin/attention.h"
#include "accounts/brake.h"
#include "accounts/domain.h"
#include "mail/address.h"
#include "queue/queue-list.h"
#include "queue/queue.h"

#define LATE_SECONDS (4 * 3600)
#define QUEUE_MOST 100000

void
facts_clear (Facts *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->unread, g_ptr_array_unref);
  g_clear_pointer (&self->braked, g_ptr_array_unref);
  g_clear_pointer (&self->documents, json_decref);
}

typedef struct {
  AdminCall *call;
  Facts *facts;
  gint64 now;
} Reading;

static gboolean
read_domains (Reading *self, Database *database, GError **error)
{
  g_autoptr (GPtrArray) names = domain_list (database, error);

  for (guint i = 0; names && i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *postmaster = g_strconcat ("postmaster@", name, NULL);

    if (!caller_sees (self->call->caller, name))
      continue;
    g_ptr_array_add (self->facts->names, g_strdup (name));
    if (!domain_require_named (database, postmaster, NULL))
      g_ptr_array_add (self->facts->unread, g_strdup (name));
  }
  self->facts->domains = self->facts->names->len;
  return names != NULL;
}

/* Without the users' rows: there may be many thousand. */
static gboolean
read_users (Reading *self, Database *database, GError **error)
{
  Facts *facts = self->facts;
  Statement *row = database_query (
      database, error,
      "SELECT d.name, sum (a.role = 0), sum (a.used), sum (a.administrator = 1 AND a.enabled)"
      " FROM account a JOIN domain d ON d.id = a.domain GROUP BY d.id",
      "");
  GError *problem = NULL;

  while (row && statement_next (row, &problem)) {
    facts->administrators += statement_int (row, 3);
    if (!caller_sees (self->call->caller, statement_text (row, 0)))
      continue;
    facts->users += statement_int (row, 1);
    facts->mail_bytes += statement_int (row, 2);
  }
  if (problem)
    g_propagate_error (error, problem);
  return row && problem == NULL;
}

static void
count_mail (const QueueItem *item, gpointer data)
{
  const Reading *self = data;
  Facts *facts = self->facts;
  const gint64 since = MAX (item->created, item->released);

  if (!caller_sees (self->call->caller, item->sender)
      && !caller_sees (self->call->caller, item->recipient))
    return;
  facts->waiting++;
  facts->held += item->held != QUEUE_IS_SENT;
  facts->oldest = facts->oldest ? MIN (facts->oldest, item->created) : item->created;
  facts->late += item->held == QUEUE_IS_SENT && self->now - since > LATE_SECONDS;
}

static gboolean
read_brakes (Reading *self, Database *database, GError **error)
{
  g_autoptr (GPtrArray) braked = brake_list (database, error);

  for (guint i = 0; braked && i < braked->len; i++) {
    const char *address = ((Braked *)braked->pdata[i])->address;
    if (caller_sees (self->call->caller, address))
      g_ptr_array_add (self->facts->braked, g_strdup (address));
  }
  return braked != NULL;
}

static gboolean
read_documents (Reading *self, Database *database, GError **error)
{
  Statement *row = database_query (database, error, "SELECT name, value FROM document", "");
  GError *problem = NULL;

  while (row && statement_next (row, &problem)) {
    json_t *value = json_loads (statement_text (row, 1), 0, NULL);
    if (value)
      json_object_set_new (self->facts->documents, statement_text (row, 0), value);
  }
  if (problem)
    g_propagate_error (error, problem);
  return row && problem == NULL;
}

static gboolean
read_facts (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Reading *self = data;
  Database *database = store_snapshot_database (snapshot);

  return read_domains (self, database, error) && read_users (self, database, error)
      && queue_list (database, 0, QUEUE_MOST, count_mail, self, error)
      && read_brakes (self, database, error) && read_documents (self, database, error);
}

gboolean
facts_read (AdminCall *call, Facts *facts, GError **error)
{
  Reading reading = { call, facts, g_get_real_time () / G_USEC_PER_SEC };

  *facts = (Facts) { .names = g_ptr_array_new_with_free_func (g_free),
                     .unread = g_ptr_array_new_with_free_func (g_free),
                     .braked = g_ptr_array_new_with_free_func (g_free),
                     .documents = json_object () };
  return store_read_sync (call->service->store, read_facts, &reading, error);
}
