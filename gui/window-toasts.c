/* A toast is gone by its button, by itself or by hand; an offer is settled once. */
#include "window-toasts.h"
#include "widgets/toast.h"
#include <glib/gi18n.h>

#define SAY_SECONDS 4
#define OFFER_SECONDS 8

typedef struct {
  WindowToasts *toasts;
  GtkWidget *toast; /* NULL while something else is said */
  char *text;
  guint seconds; /* that it is shown the next time */
  WindowFunc commit, undo;
  gpointer data;
  GDestroyNotify destroy;
  guint hidden; /* it is done when this ends, should something else be said as long */
} Offer;

/* One toast is shown at a time. */
struct _WindowToasts {
  GtkOverlay *overlay; /* which has the toasts */
  Offer *offer; /* what waits for an undo, or NULL */
  GtkWidget *said; /* what offers nothing, or NULL */
};

WindowToasts *
window_toasts_new (GtkOverlay *overlay)
{
  WindowToasts *self = g_new0 (WindowToasts, 1);

  self->overlay = overlay;
  return self;
}

static void
take_away (WindowToasts *self, GtkWidget **toast)
{
  if (*toast != NULL)
    gtk_overlay_remove_overlay (self->overlay, *toast);
  *toast = NULL;
}

/* Offers. */

static void
settle (Offer *offer, WindowFunc func)
{
  WindowToasts *self = offer->toasts;

  self->offer = NULL;
  g_clear_handle_id (&offer->hidden, g_source_remove);
  take_away (self, &offer->toast);
  if (func != NULL)
    func (offer->data);
  if (offer->destroy != NULL)
    offer->destroy (offer->data);
  g_free (offer->text);
  g_free (offer);
}

static void
did_undo (Offer *offer)
{
  settle (offer, offer->undo);
}

static void
did_close (Offer *offer)
{
  settle (offer, offer->commit);
}

static void
show_offer (Offer *offer)
{
  g_clear_handle_id (&offer->hidden, g_source_remove);
  offer->toast = toast_new (offer->text, _ ("Undo"), offer->seconds);
  g_signal_connect_swapped (offer->toast, "clicked", G_CALLBACK (did_undo), offer);
  g_signal_connect_swapped (offer->toast, "closed", G_CALLBACK (did_close), offer);
  gtk_overlay_add_overlay (offer->toasts->overlay, offer->toast);
}

static gboolean
did_hide_long (gpointer data)
{
  Offer *offer = data;

  offer->hidden = 0;
  settle (offer, offer->commit);
  return G_SOURCE_REMOVE;
}

/* An error stays until somebody closes it: what was announced is done meanwhile. What is done
 * already waits, and can still be taken back. */
static void
hide_offer (Offer *offer)
{
  if (offer->toast == NULL)
    return;
  offer->seconds = SAY_SECONDS;
  if (offer->commit != NULL)
    offer->hidden = g_timeout_add_seconds (OFFER_SECONDS, did_hide_long, offer);
  take_away (offer->toasts, &offer->toast);
}

/* What offers nothing. */

static void
did_say (WindowToasts *self)
{
  take_away (self, &self->said);
  if (self->offer != NULL && self->offer->toast == NULL)
    show_offer (self->offer);
}

/* It is about what a person has done now, and waits behind nothing: what was said before has had
 * its time, and an offer comes back after it. */
static void
say (WindowToasts *self, const char *text, guint seconds)
{
  take_away (self, &self->said);
  if (self->offer != NULL)
    hide_offer (self->offer);
  self->said = toast_new (text, NULL, seconds);
  g_signal_connect_swapped (self->said, "closed", G_CALLBACK (did_say), self);
  gtk_overlay_add_overlay (self->overlay, self->said);
}

void
window_toasts_say (WindowToasts *self, const char *text)
{
  say (self, text, SAY_SECONDS);
}

void
window_toasts_complain (WindowToasts *self, const char *text)
{
  say (self, text, 0);
}

void
window_toasts_offer (WindowToasts *self, const char *text, WindowFunc commit, WindowFunc undo,
                     gpointer data, GDestroyNotify destroy)
{
  window_toasts_settle (self); /* one at a time: the next toast would hide it */
  take_away (self, &self->said);
  self->offer = g_new0 (Offer, 1);
  *self->offer
      = (Offer) { self, NULL, g_strdup (text), OFFER_SECONDS, commit, undo, data, destroy };
  show_offer (self->offer);
}

gboolean
window_toasts_close (WindowToasts *self)
{
  if (self->said != NULL)
    did_say (self);
  else if (self->offer != NULL)
    did_close (self->offer);
  else
    return FALSE;
  return TRUE;
}

void
window_toasts_settle (WindowToasts *self)
{
  if (self->offer != NULL)
    settle (self->offer, self->offer->commit);
}

void
window_toasts_free (WindowToasts *self)
{
  window_toasts_settle (self);
  take_away (self, &self->said);
  g_free (self);
}
