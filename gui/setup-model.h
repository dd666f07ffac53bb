/* What the first-run assistant knows: its steps, what was answered, where to go on. The server
 * keeps it (/v1/setup), so that another day or another computer can take it up again. No widgets.
 */
#pragma once
#include "json.h"
#include <gio/gio.h>

typedef enum {
  SETUP_SERVER, /* host name, domain: makes the server */
  SETUP_PREFLIGHT,
  SETUP_ADMINISTRATOR,
  SETUP_PEOPLE,
  SETUP_CERTIFICATE,
  SETUP_OUTGOING,
  SETUP_DNS,
  SETUP_FINISH,
  SETUP_STEP_COUNT,
} SetupStep;

/* "people": as it is kept. */
const char *setup_step_name (SetupStep step);
/* -1: nobody knows such a step (a newer panel kept it). */
int setup_step_find (const char *name);

/* ANSWER: of GET /v1/setup, NULL when there is no server yet. The step to go on with. */
SetupStep setup_resume (const json_t *answer);
/* The first domain's name, of the answers or else of FACTS; "" when nobody knows. Borrowed. */
const char *setup_domain (const json_t *answers);
/* {"step", "done", "answers"} for PUT /v1/setup. */
json_t *setup_keep (SetupStep step, const json_t *answers);

/* "mail.example.com" for what was typed as domain; free with g_free. */
char *setup_suggest_hostname (const char *domain);
/* Whether HOST is a name that the certificate and the DNS can have: with a dot, no address. */
gboolean setup_hostname_is_full (const char *host);

/* A person to be made a user. */
typedef struct {
  char *address, *name, *password, *quota; /* NAME and QUOTA may be "" */
} SetupPerson;
void setup_person_free (SetupPerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SetupPerson, setup_person_free)

/* A name without @ gets DOMAIN; a missing password is made. NULL and ERROR: it can be no address.
 */
SetupPerson *setup_person_new (const char *address, const char *name, const char *password,
                               const char *quota, const char *domain, GError **error);
/* Lines of address[,password[,quota[,name]]], as `hauspost user import` takes them; a first line
 * without an address is a heading. GPtrArray of SetupPerson; NULL and ERROR names the line. */
GPtrArray *setup_people_parse (const char *text, gsize length, const char *domain, GError **error);
/* Four groups of four letters and digits that nobody mistakes for others; free with g_free. */
char *setup_password_new (void);
