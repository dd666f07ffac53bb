/* "simple" and "relaxed" canonical forms, the body's by a machine that sees each byte once. */
#include "policy/dkim-canon.h"
#include <string.h>

#define BUFFER 4096

struct _DkimBody {
  DkimCanon canon;
  EVP_MD_CTX *digest;
  guint64 left, total;
  guint64 lines; /* line ends not yet told: only those before other text count */
  gboolean cr; /* a CR whose LF may come */
  gboolean space; /* relaxed: white space before something else */
  gsize used;
  guint8 buffer[BUFFER];
};

static gboolean
is_blank (guint8 byte)
{
  return byte == ' ' || byte == '\t';
}

/* §3.4.2: name in lower case, no white space around the colon, runs of it one space, none at the
 * end; line ends are white space. */
static void
append_relaxed (GString *out, const guint8 *field, gsize length)
{
  const guint8 *colon = memchr (field, ':', length);
  const gsize name = colon ? (gsize)(colon - field) : length;
  gboolean space = FALSE;
  gsize start;

  for (gsize i = 0; i < name; i++)
    if (!is_blank (field[i]))
      g_string_append_c (out, g_ascii_tolower (field[i]));
  if (colon)
    g_string_append_c (out, ':');
  start = out->len;
  for (gsize i = name + 1; i < length; i++) {
    if (is_blank (field[i]) || field[i] == '\r' || field[i] == '\n') {
      space |= is_blank (field[i]);
      continue;
    }
    if (space && out->len > start)
      g_string_append_c (out, ' ');
    space = FALSE;
    g_string_append_c (out, field[i]);
  }
}

void
dkim_canon_field (GString *out, const guint8 *field, gsize length, DkimCanon canon)
{
  while (length > 0 && (field[length - 1] == '\n' || field[length - 1] == '\r'))
    length--;
  if (canon == DKIM_RELAXED)
    append_relaxed (out, field, length);
  else
    g_string_append_len (out, (const char *)field, length);
  g_string_append (out, "\r\n");
}

DkimBody *
dkim_body_new (DkimCanon canon, guint64 length)
{
  DkimBody *self = g_new0 (DkimBody, 1);

  self->canon = canon;
  self->left = length;
  self->digest = EVP_MD_CTX_new ();
  g_assert (self->digest && EVP_DigestInit_ex (self->digest, EVP_sha256 (), NULL));
  return self;
}

void
dkim_body_free (DkimBody *self)
{
  EVP_MD_CTX_free (self->digest);
  g_free (self);
}

static void
flush (DkimBody *self)
{
  const guint64 counted = MIN (self->used, self->left);

  if (counted > 0)
    EVP_DigestUpdate (self->digest, self->buffer, counted);
  self->left -= counted;
  self->total += self->used;
  self->used = 0;
}

static void
put (DkimBody *self, guint8 byte)
{
  if (self->used == BUFFER)
    flush (self);
  self->buffer[self->used++] = byte;
}

static void
put_lines (DkimBody *self)
{
  for (; self->lines > 0; self->lines--) {
    put (self, '\r');
    put (self, '\n');
  }
}

/* A byte of a line's text. */
static void
put_text (DkimBody *self, guint8 byte)
{
  if (self->canon == DKIM_RELAXED && is_blank (byte)) {
    self->space = TRUE;
    return;
  }
  put_lines (self);
  if (self->space)
    put (self, ' ');
  self->space = FALSE;
  put (self, byte);
}

static void
end_line (DkimBody *self)
{
  self->space = FALSE; /* §3.4.4: white space at the end of a line is left out */
  self->lines++;
}

void
dkim_body_add (DkimBody *self, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (self->cr && bytes[i] == '\n') {
      self->cr = FALSE;
      end_line (self);
      continue;
    }
    if (self->cr)
      put_text (self, '\r');
    self->cr = bytes[i] == '\r';
    if (!self->cr)
      put_text (self, bytes[i]);
  }
}

/* Empty lines at the end do not count. What is there ends with one CRLF: simple also for an empty
 * body (§3.4.3), relaxed not (§3.4.4). */
void
dkim_body_finish (DkimBody *self, guint8 digest[32], guint64 *total)
{
  if (self->cr)
    put_text (self, '\r');
  if (self->canon == DKIM_SIMPLE || self->used > 0 || self->total > 0) {
    put (self, '\r');
    put (self, '\n');
  }
  flush (self);
  EVP_DigestFinal_ex (self->digest, digest, NULL);
  if (total)
    *total = self->total;
}
