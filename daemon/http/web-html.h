/* Pages: their frame, and pieces of HTML in which whatever came from outside is escaped. Texts are
 * handed over in the language of whoever asks, which the thread speaks (language.h). */
#pragma once
#include "http/web-call.h"
#include "language.h"

/* Appends FORMAT, which is HTML; each %s is escaped. */
void html_add (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A text of ours inside ELEMENT ("p", or "p class=…"). */
void html_text (GString *html, const char *element, const char *text);

/* Everything down to <main>; html_end takes the page over, closes it and answers with it. */
GString *html_begin (const WebCall *call, const char *title);
void html_end (WebCall *call, guint status, GString *html);

/* A sentence above the rest; NULL: nothing. */
void html_notice (GString *html, const char *sentence, gboolean is_problem);
/* <form method="post"> with the session's token; html_form_end has the button. */
void html_form (GString *html, const WebCall *call, const char *action);
void html_form_end (GString *html, const char *button);
/* AUTOCOMPLETE tells password managers what it is; HINT: a sentence below it, or NULL. */
void html_field (GString *html, const char *name, const char *type, const char *label,
                 const char *autocomplete, const char *value, const char *hint);
