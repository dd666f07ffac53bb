/* The audit log, in words. */
#include "admin/resources.h"
#include "admin/audit.h"
#include <string.h>

#define ENTRIES_USUAL 100
#define ENTRIES_MAX 1000

/* "Changed the user anna@example.org", as the table of resources says it. */
static char *
say (const AuditEntry *entry)
{
  const char *argument = NULL;
  gboolean wrong;
  const Resource *resource = resource_find (entry->method, entry->path, &argument, &wrong);
  GString *text;

  if (resource == NULL || resource->said == NULL)
    return g_strdup_printf ("%s %s", entry->method, entry->path);
  text = g_string_new (_ (resource->said));
  g_string_replace (text, "%s", argument ? argument : "", 1);
  return g_string_free (text, FALSE);
}

static void
add_entry (const AuditEntry *entry, gpointer data)
{
  g_autofree char *sentence = say (entry);
  json_t *changes = json_loads (entry->changes, 0, NULL);

  json_array_append_new (data,
                         json_pack ("{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id",
                                    (json_int_t)entry->id, "time", (json_int_t)entry->time, "user",
                                    entry->user, "way", entry->way, "address", entry->address,
                                    "method", entry->method, "path", entry->path, "sentence",
                                    sentence, "changes", changes ? changes : json_array ()));
}

static gboolean
read_entries (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  const AuditQuery query = {
    .user = admin_call_query (call, "user"),
    .about = admin_call_query (call, "about"),
    .since = admin_call_number (call, "since", 0, G_MAXINT64),
    .until = admin_call_number (call, "until", 0, G_MAXINT64),
    .before = admin_call_number (call, "before", 0, G_MAXINT64),
    .limit = (guint)admin_call_number (call, "limit", ENTRIES_USUAL, ENTRIES_MAX),
  };
  json_t *entries = json_array (), *last;
  const gboolean done
      = audit_read (store_snapshot_database (snapshot), &query, add_entry, entries, error);

  last = json_array_get (entries, json_array_size (entries) - 1);
  json_object_set_new (call->answer, "entries", entries);
  json_object_set (call->answer, "next",
                   query.limit > 0 && json_array_size (entries) == query.limit
                       ? json_object_get (last, "id")
                       : json_null ());
  return done;
}

/* ?user=&about=&since=&until=&before=&limit= */
gboolean
audit_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_entries, call, error);
}
