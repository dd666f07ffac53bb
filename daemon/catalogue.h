/* A catalogue of translated texts as msgfmt writes it (GNU gettext's MO files). Any thread. */
#pragma once
#include <glib.h>

typedef struct _Catalogue Catalogue;

/* Keeps a reference to BYTES. NULL: this is no such file, or a damaged one. */
Catalogue *catalogue_new (GBytes *bytes);
void catalogue_free (Catalogue *catalogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Catalogue, catalogue_free)
/* FORM 0, or that of a plural. NULL: it is not translated. Lives as long as CATALOGUE. */
const char *catalogue_find (const Catalogue *catalogue, const char *text, guint form);
