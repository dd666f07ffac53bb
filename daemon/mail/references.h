/* What a message refers to: the ground of threads. */
#pragma once
#include <glib.h>

#define REFERENCES_MAX 20

/* Hashes (message_id_hash) of the Message-ID, then of those that In-Reply-To and References name,
 * the nearest first: GArray of guint64, each once, at most REFERENCES_MAX. */
GArray *message_references (const guint8 *header, gsize length);
