/* Writes BODY and BODYSTRUCTURE for IMAP. */
#include "mail/structure.h"
#include "mail/envelope.h"
#include "mail/nstring.h"
#include <string.h>

static void
field_append (GString *out, const char *text)
{
  g_string_append_c (out, ' ');
  nstring_append (out, text);
}

static void
parameters_append (GString *out, const GPtrArray *parameters)
{
  if (parameters == NULL || parameters->len == 0) {
    g_string_append (out, " NIL");
    return;
  }
  g_string_append (out, " (");
  for (guint i = 0; i < parameters->len; i++) {
    if (i > 0)
      g_string_append_c (out, ' ');
    nstring_append (out, parameters->pdata[i]);
  }
  g_string_append_c (out, ')');
}

static void
disposition_append (GString *out, const MimePart *part)
{
  if (part->disposition == NULL) {
    g_string_append (out, " NIL");
    return;
  }
  g_string_append (out, " (");
  nstring_append (out, part->disposition);
  parameters_append (out, part->disposition_parameters);
  g_string_append_c (out, ')');
}

/* One language is a string, several are a list (body-fld-lang). */
static void
language_append (GString *out, const char *language)
{
  g_auto (GStrv) tags = language != NULL ? g_strsplit (language, ",", 20) : NULL;
  guint count = 0;

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    if (*g_strstrip (tags[i]) != '\0') {
      g_string_append (out, count++ == 0 ? " (" : " ");
      nstring_append (out, tags[i]);
    }
  g_string_append (out, count == 0 ? " NIL" : ")");
}

static void
extension_append (GString *out, const MimePart *part)
{
  disposition_append (out, part);
  language_append (out, part->language);
  field_append (out, part->location);
}

static void
multipart_append (GString *out, const guint8 *message, const MimePart *part, gboolean extended)
{
  for (guint i = 0; i < part->children->len; i++)
    structure_append (out, message, part->children->pdata[i], extended);
  field_append (out, part->subtype);
  if (extended) {
    parameters_append (out, part->parameters);
    extension_append (out, part);
  }
}

static void
single_append (GString *out, const guint8 *message, const MimePart *part, gboolean extended)
{
  const MimePart *inner = part->children != NULL ? part->children->pdata[0] : NULL;

  nstring_append (out, part->type);
  field_append (out, part->subtype);
  parameters_append (out, part->parameters);
  field_append (out, part->id);
  field_append (out, part->description);
  field_append (out, part->encoding);
  g_string_append_c (out, ' ');
  number_append (out, part->body.length);
  if (inner != NULL) {
    g_string_append_c (out, ' ');
    envelope_append (out, message + inner->header.offset, inner->header.length);
    g_string_append_c (out, ' ');
    structure_append (out, message, inner, extended);
  }
  if (inner != NULL || mime_part_is (part, "text", NULL)) {
    g_string_append_c (out, ' ');
    number_append (out, part->lines);
  }
  if (extended) {
    field_append (out, part->md5);
    extension_append (out, part);
  }
}

/* The tree's depth is bounded (MIME_DEPTH_MAX). */
void
structure_append (GString *out, const guint8 *message, const MimePart *part, gboolean extended)
{
  if (out->len > STRUCTURE_MAX)
    return;
  g_string_append_c (out, '(');
  if (mime_part_is (part, "multipart", NULL) && part->children != NULL)
    multipart_append (out, message, part, extended);
  else
    single_append (out, message, part, extended);
  g_string_append_c (out, ')');
}
