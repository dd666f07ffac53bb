/* Reads message identifiers out of header fields. */
#include "mail/message-id.h"
#include <string.h>

/* Behind '<': copies up to '>'. FALSE: not an identifier. *TEXT moves on to what ended it. */
static gboolean
read_inside (const char **text, GString *id)
{
  const char *next = *text;
  gboolean quoted = FALSE;

  for (; *next != '\0' && (quoted || (*next != '>' && *next != '<')); next++) {
    if (*next == '"') {
      quoted = !quoted;
      continue;
    }
    if (quoted && *next == '\\' && next[1] != '\0')
      next++;
    else if (g_ascii_isspace (*next))
      continue;
    if (id->len <= MESSAGE_ID_MAX)
      g_string_append_c (id, *next);
  }
  *text = next;
  return *next == '>' && !quoted;
}

static gboolean
is_valid (const GString *id)
{
  const char *at = memchr (id->str, '@', id->len);

  return id->len <= MESSAGE_ID_MAX && at != NULL && at > id->str && at[1] != '\0';
}

/* An open quote must not swallow the identifiers behind it: then the search goes on right behind
 * the bracket. Each try ends at the next bracket or, once, at the end. */
char *
message_id_next (const char **text)
{
  g_autoptr (GString) id = g_string_new (NULL);

  while ((*text = strchr (*text, '<')) != NULL) {
    const char *next = ++*text;
    gboolean ended;

    g_string_truncate (id, 0);
    ended = read_inside (&next, id);
    if (ended || *next == '<')
      *text = next;
    if (ended && is_valid (id))
      return g_string_free (g_steal_pointer (&id), FALSE);
  }
  *text = "";
  return NULL;
}

/* FNV-1a. Who makes two identifiers collide gains nothing: he could have named the other one. */
guint64
message_id_hash (const char *id)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *id != '\0'; id++)
    hash = (hash ^ (guint8)*id) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash != 0 ? hash : 1;
}
