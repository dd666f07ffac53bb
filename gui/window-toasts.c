/* A toast is gone by its button, by itself or by hand; an offer is settled once. */
#include "window-toasts.h"
#include <glib/gi18n.h>

#define SAY_SECONDS 4
#define OFFER_SECONDS 8

typedef struct {
  WindowToasts *toasts;
  AdwToast *toast; /* NULL while something else is said */
  char *text;
  guint seconds; /* that it is shown the next time */
  WindowFunc commit, undo;
  gpointer data;
  GDestroyNotify destroy;
  guint hidden; /* it is done when this ends, should something else be said as long */
} Offer;

/* The overlay has one toast at a time: libadwaita 1.2 crashes when one that it has put off is shown
 * again within 300 ms. */
struct _WindowToasts {
  AdwToastOverlay *overlay;
  Offer *offer; /* what waits for an undo, or NULL */
  AdwToast *said; /* what offers nothing, or NULL */
};

WindowToasts *
window_toasts_new (AdwToastOverlay *overlay)
{
  WindowToasts *self = g_new0 (WindowToasts, 1);

  self->overlay = overlay;
  return self;
}

/* Long texts are wrapped, not cut off. */
static AdwToast *
make_toast (const char *text, guint seconds)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_timeout (toast, seconds);
  return toast;
}

/* Offers. */

static void
settle (Offer *offer, WindowFunc func)
{
  WindowToasts *self = offer->toasts;

  self->offer = NULL;
  g_clear_handle_id (&offer->hidden, g_source_remove);
  if (offer->toast != NULL)
    g_signal_handlers_disconnect_by_data (offer->toast, offer);
  if (func != NULL)
    func (offer->data);
  if (offer->destroy != NULL)
    offer->destroy (offer->data);
  g_clear_object (&offer->toast);
  g_free (offer->text);
  g_free (offer);
}

static void
did_undo (AdwToast *toast, Offer *offer)
{
  settle (offer, offer->undo);
}

static void
did_dismiss (AdwToast *toast, Offer *offer)
{
  settle (offer, offer->commit);
}

static void
show_offer (Offer *offer)
{
  g_clear_handle_id (&offer->hidden, g_source_remove);
  offer->toast = g_object_ref (make_toast (offer->text, offer->seconds));
  adw_toast_set_button_label (offer->toast, _ ("Undo"));
  g_signal_connect (offer->toast, "button-clicked", G_CALLBACK (did_undo), offer);
  g_signal_connect (offer->toast, "dismissed", G_CALLBACK (did_dismiss), offer);
  adw_toast_overlay_add_toast (offer->toasts->overlay, offer->toast);
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
  g_autoptr (AdwToast) toast = g_steal_pointer (&offer->toast);

  if (toast == NULL)
    return;
  offer->seconds = SAY_SECONDS;
  if (offer->commit != NULL)
    offer->hidden = g_timeout_add_seconds (OFFER_SECONDS, did_hide_long, offer);
  g_signal_handlers_disconnect_by_data (toast, offer);
  adw_toast_dismiss (toast);
}

/* What offers nothing. */

static void
did_say (WindowToasts *self)
{
  g_clear_object (&self->said);
  if (self->offer != NULL && self->offer->toast == NULL)
    show_offer (self->offer);
}

static void
dismiss_said (WindowToasts *self)
{
  g_autoptr (AdwToast) said = g_steal_pointer (&self->said);

  if (said == NULL)
    return;
  g_signal_handlers_disconnect_by_data (said, self);
  adw_toast_dismiss (said);
}

/* It is about what a person has done now, and waits behind nothing: what was said before has had
 * its time, and an offer comes back after it. */
static void
say (WindowToasts *self, const char *text, guint seconds)
{
  AdwToast *toast = make_toast (text, seconds);

  dismiss_said (self);
  if (self->offer != NULL)
    hide_offer (self->offer);
  self->said = g_object_ref (toast);
  g_signal_connect_swapped (toast, "dismissed", G_CALLBACK (did_say), self);
  adw_toast_overlay_add_toast (self->overlay, toast);
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
  dismiss_said (self);
  self->offer = g_new0 (Offer, 1);
  *self->offer
      = (Offer) { self, NULL, g_strdup (text), OFFER_SECONDS, commit, undo, data, destroy };
  show_offer (self->offer);
}

void
window_toasts_settle (WindowToasts *self)
{
  if (self->offer == NULL)
    return;
  hide_offer (self->offer);
  settle (self->offer, self->offer->commit);
}

void
window_toasts_free (WindowToasts *self)
{
  window_toasts_settle (self);
  dismiss_said (self);
  g_free (self);
}
