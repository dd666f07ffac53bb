/* GETMETADATA and SETMETADATA (RFC 5464 §4): what they ask for. Pure. */
#pragma once
#include "imap/imap-parser.h"

#define IMAP_METADATA_MAX 100 /* entries in one command */

typedef struct {
  char *name; /* of metadata_normalize */
  GBytes *value; /* of SETMETADATA; NULL: none */
} ImapAnnotation;

typedef struct {
  guint depth; /* METADATA_INFINITE */
  gboolean has_most;
  guint32 most; /* MAXSIZE: bytes of a value */
  GPtrArray *entries; /* ImapAnnotation */
} ImapMetadata;
void imap_metadata_free (ImapMetadata *metadata);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapMetadata, imap_metadata_free)

ImapMetadata *imap_metadata_new (void);
/* "(" option *(SP option) ")". FALSE: something else is there. */
gboolean imap_metadata_options (ImapParser *parser, ImapMetadata *metadata);
/* entry, or "(" entry *(SP entry) ")". */
gboolean imap_metadata_entries (ImapParser *parser, ImapMetadata *metadata);
/* "(" entry SP value *(SP entry SP value) ")" */
gboolean imap_metadata_values (ImapParser *parser, ImapMetadata *metadata);
/* An entry's name, in quotes where it needs them. */
void imap_metadata_print_name (GString *out, const char *name);
/* "entry value", with a blank before it unless it is the first behind a parenthesis. VALUE NULL:
 * NIL. */
void imap_metadata_print (GString *out, const char *name, const guint8 *value, gsize length);
