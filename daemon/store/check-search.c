/* The check of the search indexes. None of them is needed: a damaged one is thrown away, searches
 * scan until it is made anew. */
#include "store/check-parts.h"
#include "store/search-index.h"

static gboolean
is_sound (Store *store, gint64 account, GError **error)
{
  g_autofree char *path = search_index_path (store, account);
  g_autoptr (Database) database = database_open (path, DATABASE_READ, error);

  return database && database_check (database, error);
}

static gboolean
check_one (Check *check, gint64 account, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (is_sound (check->store, account, &problem))
    return TRUE;
  check_report_add (check->report, "The search index %" G_GINT64_FORMAT ".db is damaged: %s",
                    account, problem->message);
  if (!check->repair)
    return TRUE;
  if (!search_index_remove (check->store, account, error))
    return FALSE;
  check->report->repaired++;
  check_report_note (check->report, "It was removed; the next start makes it anew");
  return TRUE;
}

gboolean
check_search (Check *check, GError **error)
{
  g_autofree char *folder = g_build_filename (store_folder (check->store), "search", NULL);
  g_autoptr (GPtrArray) names = NULL;

  if (!file_exists (folder))
    return TRUE;
  names = file_list (folder, error);
  if (!names)
    return store_convert_error (error);
  for (guint i = 0; i < names->len; i++) {
    char *end;
    gint64 account = (gint64)g_ascii_strtoull (names->pdata[i], &end, 10);
    if (account > 0 && g_str_equal (end, ".db") && !check_one (check, account, error))
      return FALSE;
  }
  return TRUE;
}
