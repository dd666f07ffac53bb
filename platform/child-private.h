/* What a system gives for child.c: bytes that go over to the other side, and time limits. */
#pragma once
#include "platform/child.h"

/* The parent's side. What it sends and receives from now on may take PATIENCE ms. FALSE with ERROR:
 * the child has died, or it has taken too long. */
void child_hurry (Child *child, guint patience);
gboolean child_send (Child *child, const guint8 *bytes, gsize length, GError **error);
gboolean child_receive (Child *child, guint8 *bytes, gsize length, GError **error);

/* The child's side, which ends the process with STATUS 0 when the parent has gone. */
void child_input (guint8 *bytes, gsize length);
void child_output (const guint8 *bytes, gsize length);
void child_end (int status) G_GNUC_NORETURN;
/* Work begins: it ends in CHILD_SECONDS_MAX or the process does. FALSE: it waits for work. */
void child_set_working (gboolean working);
