/* A toast is gone by its button, by itself or by hand; an offer is settled once. */
#include "window-toasts.h"
#include <glib/gi18n.h>

#define SAY_SECONDS 4
#define OFFER_SECONDS 8

struct _WindowToasts {
  AdwToastOverlay *overlay;
  GList *offers; /* those that wait */
  AdwToast *complaint; /* the one that stays, or NULL */
};

typedef struct {
  WindowToasts *toasts;
  AdwToast *toast;
  WindowFunc commit, undo;
  gpointer data;
  GDestroyNotify destroy;
} Offer;

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

static void
forget_complaint (WindowToasts *self)
{
  g_clear_object (&self->complaint);
}

/* What a person has done since goes before: it would wait behind the complaint, unseen. */
static void
dismiss_complaint (WindowToasts *self)
{
  g_autoptr (AdwToast) complaint = g_steal_pointer (&self->complaint);

  if (complaint == NULL)
    return;
  g_signal_handlers_disconnect_by_data (complaint, self);
  adw_toast_dismiss (complaint);
}

void
window_toasts_say (WindowToasts *self, const char *text)
{
  dismiss_complaint (self);
  adw_toast_overlay_add_toast (self->overlay, make_toast (text, SAY_SECONDS));
}

void
window_toasts_complain (WindowToasts *self, const char *text)
{
  AdwToast *toast = make_toast (text, 0);

  dismiss_complaint (self);
  self->complaint = g_object_ref (toast);
  g_signal_connect_swapped (toast, "dismissed", G_CALLBACK (forget_complaint), self);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->overlay, toast);
}

static void
settle (Offer *offer, WindowFunc func)
{
  WindowToasts *self = offer->toasts;

  self->offers = g_list_remove (self->offers, offer);
  g_signal_handlers_disconnect_by_data (offer->toast, offer);
  if (func != NULL)
    func (offer->data);
  if (offer->destroy != NULL)
    offer->destroy (offer->data);
  g_object_unref (offer->toast);
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

void
window_toasts_offer (WindowToasts *self, const char *text, WindowFunc commit, WindowFunc undo,
                     gpointer data, GDestroyNotify destroy)
{
  Offer *offer = g_new0 (Offer, 1);

  dismiss_complaint (self);
  window_toasts_settle (self); /* one at a time: the next toast would hide it */
  offer->toasts = self;
  offer->toast = g_object_ref (make_toast (text, OFFER_SECONDS));
  offer->commit = commit;
  offer->undo = undo;
  offer->data = data;
  offer->destroy = destroy;
  self->offers = g_list_append (self->offers, offer);
  adw_toast_set_button_label (offer->toast, _ ("Undo"));
  g_signal_connect (offer->toast, "button-clicked", G_CALLBACK (did_undo), offer);
  g_signal_connect (offer->toast, "dismissed", G_CALLBACK (did_dismiss), offer);
  adw_toast_set_priority (offer->toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->overlay, offer->toast);
}

void
window_toasts_settle (WindowToasts *self)
{
  while (self->offers != NULL) {
    Offer *offer = self->offers->data;
    g_autoptr (AdwToast) toast = g_object_ref (offer->toast);

    settle (offer, offer->commit);
    adw_toast_dismiss (toast);
  }
}

void
window_toasts_free (WindowToasts *self)
{
  window_toasts_settle (self);
  dismiss_complaint (self);
  g_free (self);
}
