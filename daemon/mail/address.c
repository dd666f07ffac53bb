/* Reads lists of addresses as header fields hold them (RFC 5322 §3.4 and §4.4). */
#include "mail/address.h"
#include <string.h>

#define ENCODED_WORD_MAX 200

/* Reads forward only: each byte is looked at a bounded number of times. */
typedef struct {
  const char *next;
  GPtrArray *addresses;
  GString *phrase; /* words with single spaces between them */
  GString *local; /* the same words as a local part: nothing between them */
  GString *comment; /* the last comment: the display name of "a@b (Name)" */
  guint words;
  gboolean in_group;
} AddressParser;

void
address_free (Address *address)
{
  g_free (address->name);
  g_free (address->route);
  g_free (address->mailbox);
  g_free (address->host);
  g_free (address);
}

/* At the '(' of a comment. They nest (RFC 5322 §3.2.2); one that is not closed reaches to the end.
 */
static void
read_comment (AddressParser *self)
{
  guint depth = 0;

  g_string_truncate (self->comment, 0);
  for (; *self->next != '\0'; self->next++) {
    char byte = *self->next;

    if (byte == '(' && depth++ == 0)
      continue;
    if (byte == ')' && --depth == 0) {
      self->next++;
      return;
    }
    if (byte == '\\' && self->next[1] != '\0')
      byte = *++self->next;
    g_string_append_c (self->comment, byte);
  }
}

/* TRUE when there was any. */
static gboolean
skip_blanks (AddressParser *self)
{
  const char *start = self->next;

  while (TRUE) {
    if (*self->next == '(')
      read_comment (self);
    else if (g_ascii_isspace (*self->next))
      self->next++;
    else
      return self->next > start;
  }
}

/* At the opening quote. */
static void
read_quoted (AddressParser *self, GString *out)
{
  for (self->next++; *self->next != '\0' && *self->next != '"'; self->next++) {
    if (*self->next == '\\' && self->next[1] != '\0')
      self->next++;
    g_string_append_c (out, *self->next);
  }
  if (*self->next == '"')
    self->next++;
}

static gboolean
is_atom (char byte)
{
  return byte != '\0' && !g_ascii_isspace (byte) && strchr ("()<>[]:;@,\"", byte) == NULL;
}

/* The length of the encoded word at TEXT, or 0. Some programs put commas into them, which would
 * tear the name apart (RFC 2047 §5 (3) forbids them). */
static gsize
encoded_word_length (const char *text)
{
  guint marks = 0;

  if (text[0] != '=' || text[1] != '?')
    return 0;
  for (gsize i = 2; i < ENCODED_WORD_MAX && text[i] > ' '; i++) {
    if (text[i] != '?')
      continue;
    if (++marks == 3)
      return text[i + 1] == '=' ? i + 2 : 0;
  }
  return 0;
}

static void
read_atom (AddressParser *self, GString *out)
{
  gsize length = encoded_word_length (self->next);

  if (length == 0)
    while (is_atom (self->next[length]))
      length++;
  g_string_append_len (out, self->next, (gssize)length);
  self->next += length;
}

static void
clear_words (AddressParser *self)
{
  g_string_truncate (self->phrase, 0);
  g_string_truncate (self->local, 0);
  g_string_truncate (self->comment, 0);
  self->words = 0;
}

/* Words up to the special that says what they are. The obsolete phrase has dots in it, the obsolete
 * local part blanks around them, so both readings are kept. */
static void
read_words (AddressParser *self)
{
  gboolean blank = FALSE;

  while (TRUE) {
    gsize start = self->phrase->len;

    blank |= skip_blanks (self);
    if (*self->next != '"' && !is_atom (*self->next))
      return;
    if (blank && start > 0)
      g_string_append_c (self->phrase, ' ');
    start = self->phrase->len;
    if (*self->next == '"')
      read_quoted (self, self->phrase);
    else
      read_atom (self, self->phrase);
    g_string_append_len (self->local, self->phrase->str + start,
                         (gssize)(self->phrase->len - start));
    self->words += blank || self->words == 0;
    blank = FALSE;
  }
}

/* Behind the '@'. A domain's blanks and comments go (RFC 5322 §4.4 obs-domain). */
static char *
read_domain (AddressParser *self)
{
  GString *domain = g_string_new (NULL);

  skip_blanks (self);
  if (*self->next == '[') {
    while (*self->next != '\0' && *self->next != ']')
      g_string_append_c (domain, *self->next++);
    if (*self->next == ']')
      g_string_append_c (domain, *self->next++);
    return g_string_free (domain, FALSE);
  }
  while (is_atom (*self->next)) {
    gboolean dotted;

    read_atom (self, domain);
    dotted = domain->str[domain->len - 1] == '.';
    skip_blanks (self);
    if (!dotted && *self->next != '.')
      break;
  }
  return g_string_free (domain, FALSE);
}

static void
add (AddressParser *self, char *name, char *route, const char *mailbox, char *host)
{
  Address *address = g_new0 (Address, 1);

  address->name = name;
  address->route = route;
  address->mailbox = g_strdup (mailbox);
  address->host = host;
  g_ptr_array_add (self->addresses, address);
}

static char *
text_or_null (const GString *text)
{
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

/* "@a,@b:" at the start of an angle address (RFC 5322 §4.4 obs-route). */
static char *
read_route (AddressParser *self)
{
  GString *route = g_string_new (NULL);

  while (*self->next == '@' || *self->next == ',') {
    if (*self->next++ == '@') {
      g_autofree char *domain = read_domain (self);

      g_string_append_printf (route, "%s@%s", route->len > 0 ? "," : "", domain);
    }
    skip_blanks (self);
  }
  if (*self->next == ':')
    self->next++;
  return g_string_free (route, route->len == 0);
}

/* Passes over what stands behind an address, up to the ',' or ';' that ends it. */
static void
skip_rest (AddressParser *self)
{
  while (*self->next != '\0' && *self->next != ',' && *self->next != ';') {
    if (*self->next == '"')
      read_quoted (self, self->local);
    else if (*self->next == '(')
      read_comment (self);
    else
      self->next++;
  }
}

/* At the '<'. An address without a domain keeps an empty host: NULL would say "group". */
static void
read_angle (AddressParser *self)
{
  g_autofree char *name = text_or_null (self->phrase);
  g_autofree char *route = NULL;
  g_autofree char *host = NULL;

  clear_words (self);
  self->next++;
  skip_blanks (self);
  route = read_route (self);
  read_words (self);
  if (*self->next == '@') {
    self->next++;
    host = read_domain (self);
  }
  if (self->local->len > 0)
    add (self, g_steal_pointer (&name), g_steal_pointer (&route), self->local->str,
         host != NULL ? g_steal_pointer (&host) : g_strdup (""));
  skip_rest (self);
}

static void
read_plain (AddressParser *self)
{
  char *host;

  self->next++;
  g_string_truncate (self->comment, 0);
  host = read_domain (self);
  skip_blanks (self);
  if (self->local->len > 0 && *host != '\0')
    add (self, text_or_null (self->comment), NULL, self->local->str, host);
  else
    g_free (host);
  skip_rest (self);
}

static void
end_group (AddressParser *self)
{
  if (self->in_group)
    add (self, NULL, NULL, NULL, NULL);
  self->in_group = FALSE;
}

/* Groups do not nest (RFC 5322 §3.4): a second start ends the first. */
static void
start_group (AddressParser *self)
{
  self->next++;
  if (self->phrase->len == 0)
    return;
  end_group (self);
  add (self, NULL, NULL, self->phrase->str, NULL);
  self->in_group = TRUE;
}

/* A single word is a local user as cron writes it; more of them are garbage. */
static void
end_word (AddressParser *self)
{
  if (self->words == 1 && self->local->len > 0 && strpbrk (self->local->str, " \t@,") == NULL)
    add (self, NULL, NULL, self->local->str, g_strdup (""));
}

static void
read_address (AddressParser *self)
{
  clear_words (self);
  read_words (self);
  switch (*self->next) {
  case '<':
    read_angle (self);
    break;
  case '@':
    read_plain (self);
    break;
  case ':':
    start_group (self);
    break;
  case ';':
    end_word (self);
    end_group (self);
    self->next++;
    break;
  case ',':
    end_word (self);
    self->next++;
    break;
  case '\0':
    end_word (self);
    break;
  default: /* a special that has no business here */
    self->next++;
  }
}

GPtrArray *
address_parse_list (const char *value, guint limit)
{
  g_autoptr (GString) phrase = g_string_new (NULL);
  g_autoptr (GString) local = g_string_new (NULL);
  g_autoptr (GString) comment = g_string_new (NULL);
  AddressParser parser = {
    .next = value,
    .addresses = g_ptr_array_new_with_free_func ((GDestroyNotify)address_free),
    .phrase = phrase,
    .local = local,
    .comment = comment,
  };

  while (*parser.next != '\0' && parser.addresses->len < limit)
    read_address (&parser);
  end_group (&parser);
  return parser.addresses;
}
