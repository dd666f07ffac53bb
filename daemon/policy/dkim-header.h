/* The header fields of a message, as signatures name and select them (RFC 6376 §5.4.2). */
#pragma once
#include "mail/header.h"
#include "policy/dkim-canon.h"

#define DKIM_HEADER_MAX (256 * 1024)
#define DKIM_FIELDS_MAX 1000

typedef struct {
  const guint8 *bytes; /* of the message, borrowed */
  gsize length, body; /* where the body begins */
  GArray *fields; /* HeaderField */
  gboolean is_cut; /* there is more than the limits allow: nothing can be said */
} DkimHeader;

DkimHeader *dkim_header_read (const guint8 *bytes, gsize length);
void dkim_header_free (DkimHeader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DkimHeader, dkim_header_free)

gboolean dkim_header_is_named (const DkimHeader *self, guint field, const char *name);
guint dkim_header_count (const DkimHeader *self, const char *name);
/* Appends the fields NAMES selects, each name taking the lowest that was not taken, and none when
 * there is no more. The field number WITHOUT is not looked at (-1: all are). */
void dkim_header_append (const DkimHeader *self, GString *out, const char *const *names,
                         DkimCanon canon, int without);
