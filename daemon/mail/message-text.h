/* What SEARCH looks at in a message (RFC 9051 §6.4.4), folded (text_fold) and piece by piece: names
 * and values of header fields, decoded; the text of text parts in any charset, of HTML without its
 * tags; the headers of messages inside. The search index is made of the same pieces. */
#pragma once
#include <glib.h>

/* FOLDED ends with the call. FALSE stops. */
typedef gboolean (*MessageTextFunc) (const char *folded, gpointer data);

/* The fields of a header section. FALSE: it was stopped. */
gboolean message_text_header (const guint8 *header, gsize length, MessageTextFunc func,
                              gpointer data);
/* All but the message's own header. */
gboolean message_text_body (const guint8 *message, gsize length, MessageTextFunc func,
                            gpointer data);
