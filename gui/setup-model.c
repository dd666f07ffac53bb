/* Tables and checks; nothing here asks anybody. */
#include "setup-model.h"
#include "admin/csv.h"
#include <glib/gi18n.h>
#include <openssl/rand.h>
#include <string.h>

#define PASSWORD_LENGTH 16
#define GROUP 4

static const char *const names[SETUP_STEP_COUNT] = { "server", "preflight",   "administrator",
                                                     "people", "certificate", "outgoing",
                                                     "dns",    "finish" };

const char *
setup_step_name (SetupStep step)
{
  return names[step];
}

int
setup_step_find (const char *name)
{
  for (int i = 0; i < SETUP_STEP_COUNT; i++)
    if (strcmp (names[i], name) == 0)
      return i;
  return -1;
}

/* There is a server, so its names need not be asked for again. */
SetupStep
setup_resume (const json_t *answer)
{
  const int kept = setup_step_find (object_text (json_object_get (answer, "setup"), "step"));

  if (answer == NULL)
    return SETUP_SERVER;
  return kept > SETUP_SERVER ? (SetupStep)kept : SETUP_PREFLIGHT;
}

const char *
setup_domain (const json_t *answers)
{
  return object_text (answers, "domain");
}

json_t *
setup_keep (SetupStep step, const json_t *answers)
{
  return json_pack ("{s:s, s:b, s:O}", "step", names[step], "done", step == SETUP_FINISH, "answers",
                    answers);
}

char *
setup_suggest_hostname (const char *domain)
{
  g_autofree char *bare = g_strstrip (g_strdup (domain));

  return strchr (bare, '.') != NULL ? g_strconcat ("mail.", bare, NULL) : g_strdup ("");
}

gboolean
setup_hostname_is_full (const char *host)
{
  const char *dot = strchr (host, '.');

  return dot != NULL && dot != host && dot[1] != '\0' && !g_hostname_is_ip_address (host)
      && strpbrk (host, " @/:") == NULL;
}

void
setup_person_free (SetupPerson *self)
{
  g_free (self->address);
  g_free (self->name);
  g_free (self->password);
  g_free (self->quota);
  g_free (self);
}

/* No 0, O, 1, l, I: people copy it from paper. */
char *
setup_password_new (void)
{
  static const char letters[32] = "abcdefghjkmnpqrstuvwxyz23456789x";
  guint8 bytes[PASSWORD_LENGTH];
  GString *text = g_string_new (NULL);

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    g_error ("No random numbers"); /* nothing safe can be made here */
  for (guint i = 0; i < PASSWORD_LENGTH; i++) {
    if (i > 0 && i % GROUP == 0)
      g_string_append_c (text, '-');
    g_string_append_c (text, letters[bytes[i] % G_N_ELEMENTS (letters)]);
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr (at + 1, '@') == NULL
      && strpbrk (text, " \t,;<>\"") == NULL;
}

SetupPerson *
setup_person_new (const char *address, const char *name, const char *password, const char *quota,
                  const char *domain, GError **error)
{
  g_autofree char *typed = g_strstrip (g_strdup (address));
  g_autofree char *whole
      = strchr (typed, '@') != NULL ? g_strdup (typed) : g_strconcat (typed, "@", domain, NULL);
  SetupPerson *self;

  if (!is_address (whole)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no mail address."),
                 typed);
    return NULL;
  }
  self = g_new0 (SetupPerson, 1);
  *self
      = (SetupPerson) { g_steal_pointer (&whole), g_strstrip (g_strdup (name != NULL ? name : "")),
                        password != NULL && *password ? g_strdup (password) : setup_password_new (),
                        g_strdup (quota != NULL ? quota : "") };
  return self;
}

static const char *
field (const CsvRow *row, guint number)
{
  return number < row->fields->len ? row->fields->pdata[number] : NULL;
}

/* A heading says what the columns are, and is nobody. */
static gboolean
is_heading (const CsvRow *row, guint number)
{
  g_autofree char *first = g_utf8_casefold (field (row, 0), -1);

  return number == 0 && strchr (first, '@') == NULL
      && (g_str_has_prefix (first, "addr") || g_str_has_prefix (first, "adress")
          || g_str_has_prefix (first, "e-mail") || g_str_has_prefix (first, "email")
          || g_str_has_prefix (first, "mail"));
}

GPtrArray *
setup_people_parse (const char *text, gsize length, const char *domain, GError **error)
{
  g_autoptr (GPtrArray) rows = csv_parse (text, length, error);
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify)setup_person_free);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const CsvRow *row = rows->pdata[i];
    if (is_heading (row, i))
      continue;
    SetupPerson *person = setup_person_new (field (row, 0), field (row, 3), field (row, 1),
                                            field (row, 2), domain, error);
    if (person == NULL) {
      g_prefix_error (error, _ ("Line %u: "), row->line);
      return NULL;
    }
    g_ptr_array_add (people, person);
  }
  return rows != NULL ? g_steal_pointer (&people) : NULL;
}
