/* Brings answers to the GMainContext that waits for them: one source for each context and one
 * wake-up for a whole batch, however many jobs it held. Thread-safe. */
#pragma once
#include <glib.h>

typedef struct _Delivery Delivery;
Delivery *delivery_new (void);
/* What was sent still arrives; after that nothing is left behind in the contexts. */
void delivery_free (Delivery *delivery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Delivery, delivery_free)

/* FUNC (DATA) runs in CONTEXT after the next delivery_flush. */
void delivery_send (Delivery *delivery, GMainContext *context, void (*func) (gpointer data),
                    gpointer data);
void delivery_flush (Delivery *delivery);
