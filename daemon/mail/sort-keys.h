/* What SORT and THREAD (RFC 5256, 5957) need of a message, and SEARCH of the fields that people
 * search, made when it is accepted and kept by the store as opaque bytes: a few hundred bytes that
 * are read fast. The texts are collation keys (text_casemap), ready to be compared byte by byte. */
#pragma once
#include <glib.h>

#define SORT_TEXT_MAX 1000 /* bytes; longer ones are equal only when they are equal to the end */
#define SORT_REFERENCES_MAX 500 /* the last ones count */
#define SEARCH_FIELD_MAX 1000 /* bytes; of a longer field the header must be read */

typedef enum {
  SORT_TEXT_SUBJECT, /* base subject */
  SORT_TEXT_FROM, /* addr-mailbox of the first address */
  SORT_TEXT_TO,
  SORT_TEXT_CC,
  SORT_TEXT_DISPLAY_FROM,
  SORT_TEXT_DISPLAY_TO,
  SORT_TEXT_COUNT,
} SortTextKind;

typedef enum {
  SEARCH_FIELD_SUBJECT,
  SEARCH_FIELD_FROM,
  SEARCH_FIELD_TO,
  SEARCH_FIELD_CC,
  SEARCH_FIELD_COUNT,
} SearchField;

typedef struct {
  const char *text; /* not terminated */
  gsize length;
} SortText;

/* A view into the bytes. */
typedef struct {
  gboolean has_date;
  gint64 sent; /* seconds UTC */
  gboolean is_reply; /* the subject says so */
  SortText texts[SORT_TEXT_COUNT];
  guint64 id; /* message_id_hash of the Message-ID, 0: none */
  guint references; /* References, or the first of In-Reply-To */
  const guint8 *reference_bytes;
  SortText fields[SEARCH_FIELD_COUNT]; /* text NULL: too long or there twice, read the header */
} SortKeys;

GBytes *sort_keys_new (const guint8 *header, gsize length);
/* FALSE: damaged or of an unknown version, to be made anew. */
gboolean sort_keys_read (const guint8 *bytes, gsize length, SortKeys *keys);
guint64 sort_keys_reference (const SortKeys *keys, guint index);
/* FALSE: the field of that NAME (without case) is not kept. */
gboolean search_field_of (const char *name, SearchField *field);
