/* What SEARCH looks at in a message (RFC 9051 §6.4.4), piece by piece: names and values of header
 * fields, decoded; the text of text parts in any charset, of HTML without its tags; the headers of
 * messages inside. The search index is made of the same pieces. */
#pragma once
#include <glib.h>

/* What is made of each piece: text_casemap, text_fold. */
typedef char *(*MessageTextMap) (const char *utf8);
/* MAPPED ends with the call. FALSE stops. */
typedef gboolean (*MessageTextFunc) (const char *mapped, gpointer data);

/* The fields of a header section. FALSE: it was stopped. */
gboolean message_text_header (const guint8 *header, gsize length, MessageTextMap map,
                              MessageTextFunc func, gpointer data);
/* All but the message's own header. */
gboolean message_text_body (const guint8 *message, gsize length, MessageTextMap map,
                            MessageTextFunc func, gpointer data);

/* SEARCH's keys HEADER (FIELD NULL: TEXT's part of the header) and BODY, by i;unicode-casemap.
 * MAPPED is text_casemap'ed; the empty one is held by every body, and by a field that is there. */
gboolean message_header_holds (const guint8 *header, gsize length, const char *field,
                               const char *mapped);
gboolean message_body_holds (const guint8 *message, gsize length, const char *mapped);
