/* The administrator works on what belongs to the service. What he makes in the service's folders
 * must belong to the service, which runs as a user of its own and could not open it otherwise.
 *
 * Where files take after their folder by inheritance (Windows) there is nothing to do. */
#pragma once
#include <gio/gio.h>

/* When the administrator runs us: from now on the whole process acts as the owner of FOLDER (of the
 * nearest folder above, when it is not there), until owner_resign. So nothing has to be handed over
 * afterwards, and no link that lies there can lead the administrator's hand elsewhere. Everybody
 * else stays who he is. */
gboolean owner_become (const char *folder, GError **error);
/* The administrator is himself again; nothing to do is no error. */
gboolean owner_resign (GError **error);

/* Lets the owner of FOLDER read the administrator's file (or list the folder) PATH, and nobody
 * else; he cannot change it. */
gboolean owner_let_read (const char *folder, const char *path, GError **error);

/* Whether the administrator runs us and FOLDER belongs to somebody else. */
gboolean owner_is_other (const char *folder);
