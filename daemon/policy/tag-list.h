/* tag=value lists, in which DKIM, DMARC and ARC write their fields and records (RFC 6376 §3.2). */
#pragma once
#include <glib.h>

#define TAG_LIST_MAX 65536 /* bytes */
#define TAGS_MAX 64

typedef struct {
  char *name, *value; /* the value trimmed, with the white space it has inside */
} Tag;

typedef struct {
  GArray *tags; /* Tag */
} TagList;

void tag_list_free (TagList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TagList, tag_list_free)

/* NULL: broken syntax, a tag twice (which makes the whole list invalid), or too long. Names keep
 * their case, which counts. */
TagList *tag_list_parse (const char *text);
/* The value, maybe "", or NULL. */
const char *tag_list_find (const TagList *self, const char *name);
/* The first tag is NAME with this VALUE, as it must be for a version. */
gboolean tag_list_begins (const TagList *self, const char *name, const char *value);
/* The bytes of a Base64 value that may be folded; NULL: it is none, or holds more than MOST bytes.
 */
GBytes *tag_base64_decode (const char *value, gsize most);
/* The value with all its white space removed. */
char *tag_strip (const char *value);
/* ITEM is one of the colon-separated words of VALUE. */
gboolean tag_words_contain (const char *value, const char *item);
/* Decimal digits only, up to 12 of them (RFC 6376 §3.5: x=, t=); FALSE otherwise. */
gboolean tag_number_parse (const char *value, guint64 *number);
