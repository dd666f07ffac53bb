/* How many connections, and how many bytes in buffers, all sessions may hold together. Thread-safe.
 */
#pragma once
#include <gio/gio.h>

typedef struct _Limits Limits;
Limits *limits_new (void); /* the numbers are read from the settings at each question */
void limits_free (Limits *limits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Limits, limits_free)

gboolean limits_claim_connection (Limits *limits, GInetAddress *peer);
void limits_release_connection (Limits *limits, GInetAddress *peer);
gboolean limits_claim_user (Limits *limits, const char *user, GInetAddress *peer);
void limits_release_user (Limits *limits, const char *user, GInetAddress *peer);

/* The byte budget that input buffers, output queues and spools share. */
gboolean limits_claim_bytes (Limits *limits,
                             gsize bytes); /* FALSE: over the budget (nothing claimed) */
/* Counts what is there already and has bounds of its own (a channel's input and output). */
void limits_add_bytes (Limits *limits, gsize bytes);
/* The budget is used up: whoever can wait, waits. */
gboolean limits_are_over (Limits *limits);
void limits_release_bytes (Limits *limits, gsize bytes);
