/* Writes out a folder as a power cut may leave it. */
#include "disk-private.h"
#include "platform/file.h"

#include <string.h>

#define SECTOR 512

typedef struct {
  CutKind kind;
  GRand *chance;
  GHashTable *names; /* Node * (a folder) → its names after the cut */
} Cut;

static gboolean
happens (Cut *cut)
{
  return cut->kind == CUT_KEEPS || (cut->kind == CUT_MIXES && g_rand_boolean (cut->chance));
}

static GHashTable *
cut_names (Node *folder, gpointer data)
{
  Cut *cut = data;
  GHashTable *names = g_hash_table_lookup (cut->names, folder);
  GHashTableIter iter;
  gpointer name, node;

  if (names != NULL)
    return names;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, folder->durable_names);
  while (g_hash_table_iter_next (&iter, &name, &node))
    g_hash_table_insert (names, g_strdup (name), node);
  g_hash_table_insert (cut->names, folder, names);
  return names;
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const Change *first = *(const Change *const *)a;
  const Change *second = *(const Change *const *)b;

  return first->number < second->number ? -1 : first->number > second->number;
}

/* Half of the time as a journal does it: in order up to some change. Else as POSIX allows: any. */
static void
cut_changes (Disk *disk, Cut *cut)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();
  gboolean in_order;

  for (guint i = 0; i < disk->nodes->len; i++) {
    Node *node = disk->nodes->pdata[i];

    for (guint j = 0; j < node->changes->len; j++) {
      Change *change = node->changes->pdata[j];

      if (!change->durable && !g_ptr_array_find (waiting, change, NULL))
        g_ptr_array_add (waiting, change);
    }
  }
  g_ptr_array_sort (waiting, compare_changes);
  in_order = cut->kind == CUT_MIXES && g_rand_boolean (cut->chance);
  for (guint i = 0; i < waiting->len; i++) {
    if (happens (cut))
      change_apply (waiting->pdata[i], cut_names, cut);
    else if (in_order)
      break;
  }
}

/* Some sectors of it. Disks write a sector whole or not at all. */
static void
tear (Cut *cut, const Write *write, GByteArray *bytes)
{
  for (guint64 at = 0; at < write->bytes->len;) {
    guint64 start = write->offset + at;
    guint64 length = MIN (SECTOR - start % SECTOR, write->bytes->len - at);

    if (g_rand_boolean (cut->chance))
      put_bytes (bytes, start, write->bytes->data + at, length);
    at += length;
  }
}

static GByteArray *
cut_file (const Node *node, Cut *cut)
{
  GByteArray *bytes = g_byte_array_sized_new (node->durable->len);

  g_byte_array_append (bytes, node->durable->data, node->durable->len);
  for (guint i = 0; i < node->writes->len; i++) {
    const Write *write = node->writes->pdata[i];
    gboolean torn
        = cut->kind == CUT_MIXES && !write->truncates && g_rand_int_range (cut->chance, 0, 3) == 0;

    if (torn)
      tear (cut, write, bytes);
    else if (happens (cut))
      write_apply (write, bytes);
    else if (cut->kind == CUT_MIXES && !write->truncates && g_rand_boolean (cut->chance))
      put_bytes (bytes, write->offset + write->bytes->len, NULL,
                 0); /* the size came, not the data */
  }
  return bytes;
}

static gboolean
write_file (const Node *node, Cut *cut, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = cut_file (node, cut);
  g_autoptr (File) file = file_system_default ()->open (path, FILE_MODE_CREATE, error);

  return file != NULL && file_system_default ()->write (file, 0, bytes->data, bytes->len, error);
}

static gboolean
write_folder (Node *folder, Cut *cut, const char *path, GError **error)
{
  GHashTable *names = cut_names (folder, cut);
  g_autoptr (GList) sorted = g_list_sort (g_hash_table_get_keys (names), (GCompareFunc)strcmp);

  if (!file_system_default ()->make_folder (path, error))
    return FALSE;
  for (GList *l = sorted; l != NULL; l = l->next) {
    Node *node = g_hash_table_lookup (names, l->data);
    g_autofree char *below = g_build_filename (path, l->data, NULL);
    gboolean written = node->is_folder ? write_folder (node, cut, below, error)
                                       : write_file (node, cut, below, error);

    if (!written)
      return FALSE;
  }
  return TRUE;
}

gboolean
disk_cut (Disk *disk, CutKind kind, guint32 seed, const char *folder, GError **error)
{
  Cut cut = { .kind = kind, .chance = g_rand_new_with_seed (seed) };
  gboolean written;

  cut.names = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref);
  cut_changes (disk, &cut);
  written = (!g_file_test (folder, G_FILE_TEST_EXISTS) || folder_remove_all (folder, error))
      && write_folder (disk->root, &cut, folder, error);
  g_hash_table_unref (cut.names);
  g_rand_free (cut.chance);
  return written;
}

gboolean
folder_remove_all (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) names = file_list (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    gboolean removed = g_file_test (path, G_FILE_TEST_IS_DIR)
        ? folder_remove_all (path, error)
        : file_system_default ()->remove (path, error);

    if (!removed)
      return FALSE;
  }
  return names != NULL && file_system_default ()->remove_folder (folder, error);
}
