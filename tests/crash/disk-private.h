/* What a Disk is made of. */
#pragma once
#include "disk.h"

typedef struct {
  guint64 number; /* of the record */
  gboolean truncates;
  gboolean given_up; /* by a sync that failed: later ones pass it over */
  guint64 offset;
  GByteArray *bytes;
} Write;

typedef struct _Node Node;

/* One change of a folder's names: REMOVED and/or ADDED. A rename to another folder is one change
 * that waits in both. */
typedef struct {
  int references;
  guint64 number;
  gboolean durable;
  Node *from_folder, *to_folder;
  char *from, *to; /* NULL: nothing is removed, nothing is added */
  Node *node;
} Change;

struct _Node {
  gboolean is_folder;
  GByteArray *durable; /* a file's bytes */
  GPtrArray *writes; /* Write *, not synced */
  GHashTable *names, *durable_names; /* a folder's: char * → Node * */
  GPtrArray *changes; /* Change *, not synced */
};

struct _Disk {
  GPtrArray *nodes; /* owns every Node that ever was */
  Node *root;
  GHashTable *handles; /* guint64 * → Node * */
  guint64 records;
};

/* The bytes between the old end and OFFSET are zero. */
void put_bytes (GByteArray *target, guint64 offset, const guint8 *data, gsize length);
void write_apply (const Write *write, GByteArray *target);
/* On the names that NAMES_OF gives for a folder: those that the program sees, those on the medium,
 * or those after a cut. */
void change_apply (const Change *change, GHashTable *(*names_of) (Node *folder, gpointer data),
                   gpointer data);
