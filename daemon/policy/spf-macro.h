/* Macros of SPF (RFC 7208 §7): their syntax, and what they expand to. */
#pragma once
#include <gio/gio.h>

/* What the letters stand for. PTR_NAME is only asked for when %{p} is met. */
typedef struct {
  const char *sender; /* local@domain */
  const char *domain; /* of the record */
  const char *helo;
  const char *receiver; /* this server's name */
  GInetAddress *address;
  gint64 now; /* Unix time */
  const char *(*ptr_name) (gpointer data); /* the validated name, or NULL: not known yet */
  gpointer data;
} SpfMacros;

/* A macro-string is well formed. EXPLANATION: %{c}, %{r}, %{t} and spaces are allowed (§7.2). */
gboolean spf_macro_is_valid (const char *text, gboolean explanation);
/* A domain-spec: a macro-string that ends in a macro or in a top label (§7.1). */
gboolean spf_domain_spec_is_valid (const char *text);
/* TEXT is valid. NULL: ptr_name does not know yet. */
char *spf_macro_expand (const SpfMacros *self, const char *text);
/* The same for a name to look up: what is too long loses labels on the left (§7.3). */
char *spf_domain_expand (const SpfMacros *self, const char *text);
