/* The disk behind disk.h, following a log: inodes with durable bytes and waiting writes, folders
 * with durable names and waiting changes of names. */
#include "disk-private.h"
#include "platform/file.h"
#include <string.h>

static void
write_free (Write *write)
{
  g_clear_pointer (&write->bytes, g_byte_array_unref);
  g_free (write);
}

static void
change_unref (Change *change)
{
  if (--change->references > 0)
    return;
  g_free (change->from);
  g_free (change->to);
  g_free (change);
}

static void
node_free (Node *node)
{
  g_byte_array_unref (node->durable);
  g_ptr_array_unref (node->writes);
  g_hash_table_unref (node->names);
  g_hash_table_unref (node->durable_names);
  g_ptr_array_unref (node->changes);
  g_free (node);
}

static Node *
node_new (Disk *disk, gboolean is_folder)
{
  Node *node = g_new0 (Node, 1);

  node->is_folder = is_folder;
  node->durable = g_byte_array_new ();
  node->writes = g_ptr_array_new_with_free_func ((GDestroyNotify)write_free);
  node->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->durable_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  node->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)change_unref);
  g_ptr_array_add (disk->nodes, node);
  return node;
}

/* The folder that holds PATH, and PATH's last name. */
static Node *
find_folder (Disk *disk, const char *path, const char **name)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  const char *slash = strrchr (path, '/');
  Node *folder = disk->root;

  *name = slash != NULL ? slash + 1 : path;
  for (guint i = 0; parts[i] != NULL && parts[i + 1] != NULL && folder != NULL; i++)
    folder = g_hash_table_lookup (folder->names, parts[i]);
  return folder;
}

static Node *
find_node (Disk *disk, const char *path)
{
  const char *name;
  Node *folder = find_folder (disk, path, &name);

  if (*name == '\0')
    return disk->root;
  return folder != NULL ? g_hash_table_lookup (folder->names, name) : NULL;
}

/* On the names that the program sees, or on those on the medium. */
void
change_apply (const Change *change, GHashTable *(*names_of) (Node *, gpointer), gpointer data)
{
  if (change->from != NULL) {
    GHashTable *names = names_of (change->from_folder, data);

    if (g_hash_table_lookup (names, change->from) == change->node)
      g_hash_table_remove (names, change->from);
  }
  if (change->to != NULL)
    g_hash_table_replace (names_of (change->to_folder, data), g_strdup (change->to), change->node);
}

static GHashTable *
live_names (Node *folder, gpointer data)
{
  return folder->names;
}

static GHashTable *
durable_names (Node *folder, gpointer data)
{
  return folder->durable_names;
}

static void
disk_change (Disk *disk, const char *from, const char *to, Node *node)
{
  Change *change = g_new0 (Change, 1);
  const char *name;

  change->references = 1;
  change->number = disk->records;
  change->node = node;
  if (from != NULL) {
    change->from_folder = find_folder (disk, from, &name);
    change->from = g_strdup (name);
    g_ptr_array_add (change->from_folder->changes, change);
  }
  if (to != NULL) {
    change->to_folder = find_folder (disk, to, &name);
    change->to = g_strdup (name);
    if (change->to_folder != change->from_folder) {
      change->references += from != NULL;
      g_ptr_array_add (change->to_folder->changes, change);
    }
  }
  change_apply (change, live_names, NULL);
}

static void
make_node (Disk *disk, const char *path, gboolean is_folder)
{
  disk_change (disk, NULL, path, node_new (disk, is_folder));
}

void
put_bytes (GByteArray *target, guint64 offset, const guint8 *data, gsize length)
{
  gsize old = target->len;

  if (offset + length > old) {
    g_byte_array_set_size (target, (guint)(offset + length));
    memset (target->data + old, 0, target->len - old);
  }
  if (length != 0)
    memcpy (target->data + offset, data, length);
}

static void
set_size (GByteArray *target, guint64 size)
{
  if (size <= target->len)
    g_byte_array_set_size (target, (guint)size);
  else
    put_bytes (target, size, NULL, 0);
}

void
write_apply (const Write *write, GByteArray *target)
{
  if (write->truncates)
    set_size (target, write->offset);
  else
    put_bytes (target, write->offset, write->bytes->data, write->bytes->len);
}

static void
sync_file (Node *node, guint64 position)
{
  guint done = 0;

  for (; done < node->writes->len; done++) {
    const Write *write = node->writes->pdata[done];

    if (write->number >= position)
      break;
    if (!write->given_up)
      write_apply (write, node->durable);
  }
  g_ptr_array_remove_range (node->writes, 0, done);
}

static void
give_up (Node *node, guint64 position)
{
  for (guint i = 0; i < node->writes->len; i++) {
    Write *write = node->writes->pdata[i];

    write->given_up |= write->number < position && !write->truncates;
  }
}

static void
sync_folder (Node *folder, guint64 position)
{
  guint done = 0;

  for (; done < folder->changes->len; done++) {
    Change *change = folder->changes->pdata[done];

    if (change->number >= position)
      break;
    if (!change->durable)
      change_apply (change, durable_names, NULL);
    change->durable = TRUE;
  }
  g_ptr_array_remove_range (folder->changes, 0, done);
}

static void
add_write (Disk *disk, Node *node, const TraceRecord *record)
{
  Write *write = g_new0 (Write, 1);

  write->number = disk->records;
  write->truncates = record->kind == TRACE_TRUNCATE;
  write->offset = record->offset;
  write->bytes = g_byte_array_new ();
  g_byte_array_append (write->bytes, record->data, (guint)record->length);
  g_ptr_array_add (node->writes, write);
}

static void
open_file (Disk *disk, const TraceRecord *record)
{
  guint64 *handle = g_new (guint64, 1);

  if (find_node (disk, record->path) == NULL)
    make_node (disk, record->path, FALSE);
  *handle = record->handle;
  g_hash_table_replace (disk->handles, handle, find_node (disk, record->path));
}

void
disk_apply (Disk *disk, const TraceRecord *record)
{
  Node *node = record->path != NULL ? find_node (disk, record->path)
                                    : g_hash_table_lookup (disk->handles, &record->handle);

  switch (record->kind) {
  case TRACE_OPEN:
    open_file (disk, record);
    break;
  case TRACE_WRITE:
  case TRACE_TRUNCATE:
    add_write (disk, node, record);
    break;
  case TRACE_SYNC:
    sync_file (node, record->offset);
    break;
  case TRACE_SYNC_FAILED:
    give_up (node, record->offset);
    break;
  case TRACE_RENAME:
    disk_change (disk, record->path, record->to, node);
    break;
  case TRACE_REMOVE:
  case TRACE_REMOVE_FOLDER:
    if (node != NULL)
      disk_change (disk, record->path, NULL, node);
    break;
  case TRACE_MAKE_FOLDER:
    make_node (disk, record->path, TRUE);
    break;
  case TRACE_SYNC_FOLDER:
    sync_folder (node, record->offset);
    break;
  }
  disk->records++;
}

static gboolean
load_folder (Disk *disk, Node *folder, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = file_list (path, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *below = g_build_filename (path, names->pdata[i], NULL);
    Node *node = node_new (disk, g_file_test (below, G_FILE_TEST_IS_DIR));

    g_hash_table_insert (folder->names, g_strdup (names->pdata[i]), node);
    g_hash_table_insert (folder->durable_names, g_strdup (names->pdata[i]), node);
    if (node->is_folder) {
      if (!load_folder (disk, node, below, error))
        return FALSE;
    } else {
      g_autoptr (GBytes) bytes = file_map (below, error);

      if (bytes == NULL)
        return FALSE;
      put_bytes (node->durable, 0, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  }
  return names != NULL;
}

Disk *
disk_new (const char *base, GError **error)
{
  g_autoptr (Disk) disk = g_new0 (Disk, 1);

  disk->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify)node_free);
  disk->handles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  disk->root = node_new (disk, TRUE);
  if (base != NULL && !load_folder (disk, disk->root, base, error))
    return NULL;
  return g_steal_pointer (&disk);
}

void
disk_free (Disk *disk)
{
  g_ptr_array_unref (disk->nodes);
  g_hash_table_unref (disk->handles);
  g_free (disk);
}
