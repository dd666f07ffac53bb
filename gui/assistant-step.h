/* Between the assistant and its steps, each of which is a file of its own. */
#pragma once
#include "assistant.h"
#include "setup-model.h"

/* A step's page is made when it is first shown. */
typedef struct {
  const char *title, *intro; /* N_() */
  const char *next; /* N_(): the button's label; NULL: "Continue" */
  gboolean can_skip;
  GtkWidget *(*new) (Assistant *assistant);
  /* It is shown now, for the first time or again. May be NULL. */
  void (*show) (Assistant *assistant, GtkWidget *page);
  /* The person wants to go on: calls assistant_advance, now or later, or assistant_stay. NULL: it
   * goes on at once. */
  void (*apply) (Assistant *assistant, GtkWidget *page);
} AssistantStep;

extern const AssistantStep assistant_server, assistant_preflight, assistant_administrator,
    assistant_people, assistant_certificate, assistant_outgoing, assistant_dns, assistant_finish;

/* NULL before the server is made. */
Connection *assistant_connection (Assistant *assistant);
/* The server is there: it is spoken to from now on. */
void assistant_set_connection (Assistant *assistant, Connection *connection);
const char *assistant_configuration (Assistant *assistant);
/* Cancelled when the assistant goes. */
GCancellable *assistant_cancellable (Assistant *assistant);

/* What was answered; kept by the server with the next step. No secrets. */
const char *assistant_answer (Assistant *assistant, const char *key); /* "" */
void assistant_set_answer (Assistant *assistant, const char *key, const char *value);

/* Whether one can go on. */
void assistant_set_ready (Assistant *assistant, gboolean ready);
void assistant_advance (Assistant *assistant);
/* It did not work: WHY (may be NULL) is said, and the step can be tried again. */
void assistant_stay (Assistant *assistant, const char *why);

/* Small things that steps are made of. */
GtkWidget *step_page_new (void); /* a preferences page */
AdwPreferencesGroup *step_group_new (GtkWidget *page, const char *title, const char *description);
GtkEditable *step_entry_new (AdwPreferencesGroup *group, const char *title, const char *text);
GtkEditable *step_password_new (AdwPreferencesGroup *group, const char *title);
/* A row with a check button in front, of the same choice as OTHER (or NULL). */
GtkCheckButton *step_choice_new (AdwPreferencesGroup *group, GtkCheckButton *other,
                                 const char *title, const char *text);
