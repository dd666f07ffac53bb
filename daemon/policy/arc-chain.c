/* Collects the sets of a chain, and what each of its signatures signs. */
#include "policy/arc-chain.h"
#include "policy/tag-list.h"
#include <string.h>

#define INSTANCE_DIGITS 2

static const struct {
  const char *name;
  gsize offset;
  gboolean is_list; /* its value is a list of tags */
} kinds[] = {
  { "ARC-Authentication-Results", G_STRUCT_OFFSET (ArcSet, results), FALSE },
  { "ARC-Message-Signature", G_STRUCT_OFFSET (ArcSet, message), TRUE },
  { "ARC-Seal", G_STRUCT_OFFSET (ArcSet, seal), TRUE },
};

void
arc_chain_free (ArcChain *self)
{
  for (guint i = 0; i <= ARC_SETS_MAX; i++) {
    g_clear_pointer (&self->sets[i].signature, dkim_signature_free);
    g_free (self->sets[i].state);
  }
  g_free (self);
}

static char *
value_of (const DkimHeader *header, guint field)
{
  return header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, field));
}

char *
arc_chain_value (const ArcChain *self, int field)
{
  return value_of (self->header, (guint)field);
}

static guint
read_position (const char *text, gsize length)
{
  guint position = 0;

  if (length == 0 || length > INSTANCE_DIGITS)
    return 0;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isdigit (text[i]))
      return 0;
    position = position * 10 + (guint)(text[i] - '0');
  }
  return position <= ARC_SETS_MAX ? position : 0;
}

/* "i=1;" at the beginning, with comments between (§3.9). */
static guint
read_leading_instance (const char *value)
{
  const char *at = header_skip_comments (value);
  gsize digits;
  guint position;

  if (*at != 'i')
    return 0;
  at = header_skip_comments (at + 1);
  if (*at != '=')
    return 0;
  at = header_skip_comments (at + 1);
  digits = strspn (at, "0123456789");
  position = read_position (at, digits);
  return *header_skip_comments (at + digits) == ';' ? position : 0;
}

/* 0: there is none, or one that cannot be. */
static guint
read_instance (const char *value, gboolean is_list)
{
  g_autoptr (TagList) tags = is_list ? tag_list_parse (value) : NULL;
  const char *text = tags ? tag_list_find (tags, "i") : NULL;

  if (!is_list)
    return read_leading_instance (value);
  return text ? read_position (text, strlen (text)) : 0;
}

static const char *
add_field (ArcChain *self, guint field, guint kind)
{
  g_autofree char *value = arc_chain_value (self, (int)field);
  const guint instance = read_instance (value, kinds[kind].is_list);
  int *place = (int *)((char *)&self->sets[instance] + kinds[kind].offset);

  if (instance == 0)
    return "an instance is broken";
  if (*place >= 0)
    return "an instance is there twice";
  *place = (int)field;
  self->count = MAX (self->count, instance);
  return NULL;
}

/* §5.2 steps 1, 3A and 3B: each set whole and once, without gaps. */
static const char *
collect (ArcChain *self)
{
  const char *problem = self->header->is_cut ? "the header section is too big" : NULL;

  for (guint f = 0; f < self->header->fields->len && !problem; f++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds) && !problem; k++)
      if (dkim_header_is_named (self->header, f, kinds[k].name))
        problem = add_field (self, f, k);
  for (guint i = 1; i <= self->count && !problem; i++)
    if (self->sets[i].results < 0 || self->sets[i].message < 0 || self->sets[i].seal < 0)
      problem = "a set is not whole";
  return problem;
}

static const char *
read_seal (ArcChain *self, guint instance)
{
  ArcSet *set = &self->sets[instance];
  g_autofree char *value = arc_chain_value (self, set->seal);
  const char *problem;

  set->signature = dkim_seal_parse (value, &set->state, &problem);
  return problem;
}

/* §5.2 steps 2 and 3C. */
static const char *
read_seals (ArcChain *self)
{
  const char *problem = NULL;

  for (guint i = self->count; i > 0 && !problem; i--) {
    problem = read_seal (self, i);
    if (problem == NULL && g_strcmp0 (self->sets[i].state, i == 1 ? "none" : "pass") != 0)
      problem = "a seal calls the chain broken";
  }
  return problem;
}

ArcChain *
arc_chain_read (const DkimHeader *header)
{
  ArcChain *self = g_new0 (ArcChain, 1);

  self->header = header;
  for (guint i = 0; i <= ARC_SETS_MAX; i++)
    self->sets[i].results = self->sets[i].message = self->sets[i].seal = -1;
  self->problem = collect (self);
  if (self->problem == NULL)
    self->problem = read_seals (self);
  return self;
}

guint
arc_chain_highest (const DkimHeader *header)
{
  guint highest = 0;

  for (guint f = 0; f < header->fields->len; f++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
      g_autofree char *value
          = dkim_header_is_named (header, f, kinds[k].name) ? value_of (header, f) : NULL;

      if (value)
        highest = MAX (highest, read_instance (value, kinds[k].is_list));
    }
  return highest;
}

gboolean
arc_chain_is_given_up (const DkimHeader *header, guint instance)
{
  for (guint f = 0; f < header->fields->len; f++) {
    g_autofree char *value
        = dkim_header_is_named (header, f, "ARC-Seal") ? value_of (header, f) : NULL;
    g_autoptr (TagList) tags = value ? tag_list_parse (value) : NULL;

    if (tags && read_instance (value, TRUE) == instance
        && g_strcmp0 (tag_list_find (tags, "cv"), "fail") == 0)
      return TRUE;
  }
  return FALSE;
}

/* §4.1.2: it does not sign seals. That it must not sign the other two either, signers do not heed,
 * and it harms nobody. */
DkimSignature *
arc_chain_signature (const ArcChain *self, const char **problem)
{
  g_autofree char *value = arc_chain_value (self, self->sets[self->count].message);
  DkimSignature *signature = dkim_signature_parse (value, TRUE, problem);

  for (guint i = 0; *problem == NULL && signature->fields[i]; i++)
    if (g_ascii_strcasecmp (signature->fields[i], "ARC-Seal") == 0)
      *problem = "a message signature signs a seal";
  return signature;
}

static const ByteRange *
field_range (const ArcChain *self, int field)
{
  return &g_array_index (self->header->fields, HeaderField, field).whole;
}

void
arc_chain_append_message (const ArcChain *self, const DkimSignature *signature, GString *out)
{
  const int field = self->sets[self->count].message;
  const ByteRange *own = field_range (self, field);

  dkim_header_append (self->header, out, (const char *const *)signature->fields,
                      signature->header_canon, field);
  dkim_append_unsigned (out, self->header->bytes + own->offset, own->length,
                        signature->header_canon);
}

static void
append_field (const ArcChain *self, GString *out, int field)
{
  const ByteRange *whole = field_range (self, field);

  dkim_canon_field (out, self->header->bytes + whole->offset, whole->length, DKIM_RELAXED);
}

GString *
arc_chain_sealed (const ArcChain *self, guint instance, GString *before)
{
  const ArcSet *set = &self->sets[instance];
  const ByteRange *own = field_range (self, set->seal);
  GString *data;

  append_field (self, before, set->results);
  append_field (self, before, set->message);
  data = g_string_new_len (before->str, (gssize)before->len);
  dkim_append_unsigned (data, self->header->bytes + own->offset, own->length, DKIM_RELAXED);
  append_field (self, before, set->seal);
  return data;
}
