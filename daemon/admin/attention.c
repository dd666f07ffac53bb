/* The table of checks. */
#include "admin/attention.h"
#include "admin/backup-plan.h"
#include "admin/change.h"
#include "admin/disk-space.h"
#include "admin/dns-check.h"
#include "settings.h"
#include "tls/certificate-state.h"
#include <string.h>

#define DAY 86400
#define EXPIRY_DAYS 21
#define BACKUP_DAYS 8
#define LOW_PERCENT 90

/* In the order in which they are told. */
typedef enum { SEVERITY_BAD, SEVERITY_ATTENTION, SEVERITY_NOTE } Severity;
static const char *const severities[] = { "bad", "attention", "note" };

typedef struct {
  AdminCall *call;
  const Facts *facts;
  gint64 now;
  json_t *lists[G_N_ELEMENTS (severities)];
} Gathering;

/* TEXT is given away; ACTION too, and may be NULL. */
static void
add (Gathering *self, Severity severity, const char *id, const char *page, const char *about,
     char *text, json_t *action)
{
  json_array_append_new (self->lists[severity],
                         json_pack ("{s:s, s:s, s:s, s:s, s:s?, s:o}", "id", id, "severity",
                                    severities[severity], "text", text, "page", page, "about",
                                    about, "action", action ? action : json_null ()));
  g_free (text);
}

static json_t *
action (const char *label, const char *method, const char *path, const char *field,
        const char *value)
{
  json_t *body = json_object ();

  if (field)
    json_object_set_new (body, field, json_string (value));
  return json_pack ("{s:s, s:s, s:s, s:o}", "label", label, "method", method, "path", path, "body",
                    body);
}

/* With the ETag of what it replaces: somebody else may have set it since this was read. */
static json_t *
action_on_setting (Gathering *self, const char *label, Setting setting, const char *value)
{
  const char *key = setting_info (setting)->key;
  g_autofree char *path = g_strconcat ("/v1/settings/", key, NULL);
  json_t *made = action (label, "PUT", path, "value", value);
  gboolean wrong;
  AdminCall look = *self->call;
  json_t *state;

  look.resource = resource_find ("PUT", path, &look.argument, &wrong);
  state = admin_call_read_state (&look);
  admin_tag (made, state);
  json_decref (state);
  return made;
}

static json_t *
action_on (const char *label, const char *method, const char *folder, const char *name,
           const char *field, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (name, "@", FALSE);
  g_autofree char *path = g_strconcat (folder, escaped, NULL);

  return action (label, method, path, field, value);
}

static void
check_disk (Gathering *self)
{
  DiskSpace space;
  const char *label = _ ("Give back the space of deleted mail");

  if (!store_takes_mail (self->call->service->store)) {
    add (self, SEVERITY_BAD, "disk-full", "settings", NULL,
         g_strdup (_ ("The disk is nearly full: new mail is refused until there is space.")),
         action (label, "POST", "/v1/compact", NULL, NULL));
    return;
  }
  if (!disk_space_read (self->call->configuration->data, &space)
      || space.used < space.total / 100 * LOW_PERCENT)
    return;
  g_autofree char *free = g_format_size_full ((guint64)space.free, G_FORMAT_SIZE_IEC_UNITS);
  add (self, SEVERITY_ATTENTION, "disk-low", "settings", NULL,
       g_strdup_printf (_ ("Only %s are free on the disk."), free),
       action (label, "POST", "/v1/compact", NULL, NULL));
}

/* What its sentence says; one that nobody sees, or that renews itself in time, needs no attention.
 */
static void
check_certificate (Gathering *self, const CertificateState *state)
{
  static const struct {
    Severity severity;
    const char *id;
  } kinds[] = {
    [CERTIFICATE_GOOD] = { SEVERITY_ATTENTION, "certificate-expires" }, /* has no sentence */
    [CERTIFICATE_ENDING] = { SEVERITY_ATTENTION, "certificate-expires" },
    [CERTIFICATE_FAILING] = { SEVERITY_ATTENTION, "certificate-failing" },
    [CERTIFICATE_ENDED] = { SEVERITY_BAD, "certificate-expired" },
    [CERTIFICATE_MISSING] = { SEVERITY_ATTENTION, "certificate-failing" },
  };
  char *sentence = certificate_state_sentence (state);

  if (sentence)
    add (self, kinds[state->condition].severity, kinds[state->condition].id, "certificates",
         state->name, sentence,
         state->renews_itself ? action (_ ("Try again"), "POST", "/v1/acme/order", NULL, NULL)
                              : NULL);
}

static void
check_certificates (Gathering *self)
{
  const Configuration *configuration = self->call->configuration;
  g_autofree char *folder = configuration_certificates (configuration);
  g_autofree char *acme = g_build_filename (configuration->data, "acme", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = certificate_states (folder, acme, &error);
  guint count = 0, by_authority = 0;

  if (all == NULL) {
    add (self, SEVERITY_BAD, "certificate-unreadable", "certificates", NULL,
         g_strdup (error->message), NULL);
    return;
  }
  for (guint i = 0; i < all->len; i++) {
    const CertificateState *state = all->pdata[i];
    check_certificate (self, state);
    count += state->certificate != NULL;
    by_authority += state->certificate && !state->certificate->self_signed;
  }
  if (count == 0)
    add (self, SEVERITY_BAD, "certificate-none", "certificates", NULL,
         g_strdup (_ ("There is no certificate, so programs cannot connect safely.")), NULL);
  else if (by_authority == 0)
    add (self, SEVERITY_ATTENTION, "certificate-self-signed", "certificates", NULL,
         g_strdup (_ ("The certificate is self-signed: mail programs warn people of it. Get one "
                      "from an authority such as Let's Encrypt.")),
         NULL);
}

static void
check_dns (Gathering *self)
{
  for (guint i = 0; i < self->facts->names->len; i++) {
    const char *domain = self->facts->names->pdata[i];
    g_autofree char *name = g_strconcat (DNS_CHECKED, domain, NULL);
    const json_t *checked = json_object_get (self->facts->documents, name);
    const gulong wrong = (gulong)json_integer_value (json_object_get (checked, "wrong"));
    json_t *again = action_on (_ ("Ask the DNS now"), "POST", "/v1/dns/", domain, NULL, NULL);

    if (checked == NULL)
      add (self, SEVERITY_NOTE, "dns-unchecked", "domains", domain,
           g_strdup_printf (_ ("Whether the DNS is right for %s was not checked yet."), domain),
           again);
    else if (wrong > 0)
      add (self, SEVERITY_ATTENTION, "dns-wrong", "domains", domain,
           g_strdup_printf (ngettext ("%lu record is missing or wrong in the DNS of %s.",
                                      "%lu records are missing or wrong in the DNS of %s.", wrong),
                            wrong, domain),
           again);
    else
      json_decref (again);
  }
}

static void
check_queue (Gathering *self)
{
  const Facts *facts = self->facts;

  if (facts->late > 0)
    add (self, SEVERITY_ATTENTION, "queue-stuck", "queue", NULL,
         g_strdup_printf (
             ngettext ("%lu mail has been waiting to be sent for more than four hours.",
                       "%lu mails have been waiting to be sent for more than four hours.",
                       (gulong)facts->late),
             (gulong)facts->late),
         action (_ ("Try all now"), "POST", "/v1/queue/all", "action", "retry"));
  if (facts->held > 0)
    add (self, SEVERITY_NOTE, "queue-held", "queue", NULL,
         g_strdup_printf (ngettext ("%lu mail is held until somebody releases it.",
                                    "%lu mails are held until somebody releases them.",
                                    (gulong)facts->held),
                          (gulong)facts->held),
         NULL);
}

static void
check_brakes (Gathering *self)
{
  for (guint i = 0; i < self->facts->braked->len; i++) {
    const char *user = self->facts->braked->pdata[i];

    add (self, SEVERITY_BAD, "user-braked", "protection", user,
         g_strdup_printf (
             _ ("The outgoing mail of %s is held: somebody else may know the password."), user),
         self->call->caller->role == ADMIN_DOMAINS
             ? NULL
             : action_on (_ ("Lock the account"), "POST", "/v1/brakes/", user, "action", "lock"));
  }
}

static void
check_backups (Gathering *self)
{
  const json_t *failed = json_object_get (self->facts->documents, BACKUP_FAILED);
  const gint64 newest = backups_newest (self->call->configuration);
  const gint64 every = setting_number (SETTING_BACKUP_EVERY);
  const gint64 patience = MAX (2 * every, (gint64)BACKUP_DAYS * DAY);

  if (json_is_object (failed))
    add (self, SEVERITY_BAD, "backup-failed", "backup", NULL,
         g_strdup_printf (_ ("The last backup failed: %s"),
                          json_string_value (json_object_get (failed, "error"))),
         action (_ ("Back up now"), "POST", "/v1/backups", NULL, NULL));
  if (newest == 0 && every == 0)
    add (self, SEVERITY_ATTENTION, "backup-none", "backup", NULL,
         g_strdup (_ ("There is no backup, and none is made by itself.")),
         action_on_setting (self, _ ("Back up every day"), SETTING_BACKUP_EVERY, "1d"));
  else if (newest > 0 && self->now - newest > patience)
    add (self, SEVERITY_ATTENTION, "backup-old", "backup", NULL,
         g_strdup_printf (ngettext ("The last backup is %lu day old.",
                                    "The last backup is %lu days old.",
                                    (gulong)((self->now - newest) / DAY)),
                          (gulong)((self->now - newest) / DAY)),
         action (_ ("Back up now"), "POST", "/v1/backups", NULL, NULL));
  if (newest > 0 && !json_object_get (self->facts->documents, BACKUP_PROVED))
    add (self, SEVERITY_NOTE, "backup-unproved", "backup", NULL,
         g_strdup (_ ("No backup was ever restored as a proof that it can be.")),
         action (_ ("Restore one as a proof"), "POST", "/v1/backups/prove", NULL, NULL));
}

static void
check_block_lists (Gathering *self)
{
  BlockLists *lists = self->call->service->block_lists;
  g_autoptr (GPtrArray) all = lists ? block_lists_describe (lists) : NULL;

  for (guint i = 0; all && i < all->len; i++) {
    const BlockListStatus *status = all->pdata[i];
    const char *reason = block_list_state_text (status->state);

    if (reason)
      add (self, SEVERITY_ATTENTION, "block-list-off", "protection", status->zone,
           g_strdup_printf (_ ("The block list %s is switched off: %s."), status->zone, reason),
           NULL);
  }
}

static void
check_postmaster (Gathering *self)
{
  for (guint i = 0; self->facts->administrators == 0 && i < self->facts->unread->len; i++) {
    const char *domain = self->facts->unread->pdata[i];

    add (self, SEVERITY_ATTENTION, "postmaster-unread", "administrators", domain,
         g_strdup_printf (_ ("Nobody reads the mail for postmaster@%s: make a user an "
                             "administrator, or an alias for it."),
                          domain),
         NULL);
  }
}

static void
check_setup (Gathering *self)
{
  const json_t *setup = json_object_get (self->facts->documents, "setup");
  const gboolean done = json_is_true (json_object_get (setup, "done"));

  if ((setup && !done) || (!done && (self->facts->domains == 0 || self->facts->users == 0)))
    add (self, SEVERITY_NOTE, "setup-unfinished", "setup", NULL,
         g_strdup (_ ("The setup of this server is not finished.")), NULL);
}

static void
check_preflight (Gathering *self)
{
  json_t *steps = json_object_get (json_object_get (self->facts->documents, "preflight"), "steps");
  json_t *step;
  gsize i;

  json_array_foreach (steps, i, step)
  {
    if (g_strcmp0 (json_string_value (json_object_get (step, "state")), "bad") == 0)
      add (self, SEVERITY_ATTENTION, "preflight-bad", "setup",
           json_string_value (json_object_get (step, "id")),
           g_strdup_printf (_ ("The last pre-flight found: %s"),
                            json_string_value (json_object_get (step, "text"))),
           action (_ ("Test again"), "POST", "/v1/preflight", NULL, NULL));
  }
}

/* To add a check, add a line here and its name to API.md. */
static const struct {
  void (*run) (Gathering *self);
  gboolean of_domains; /* a domain administrator hears of it, for its own domains */
} checks[] = {
  { check_disk, FALSE },        { check_certificates, FALSE }, { check_dns, TRUE },
  { check_queue, FALSE },       { check_brakes, TRUE },        { check_backups, FALSE },
  { check_block_lists, FALSE }, { check_postmaster, TRUE },    { check_preflight, FALSE },
  { check_setup, FALSE },
};

json_t *
attention_gather (AdminCall *call, const Facts *facts)
{
  Gathering self = { call,
                     facts,
                     g_get_real_time () / G_USEC_PER_SEC,
                     { json_array (), json_array (), json_array () } };
  const gboolean all = call->caller->role != ADMIN_DOMAINS;

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    if (all || checks[i].of_domains)
      checks[i].run (&self);
  for (guint i = 1; i < G_N_ELEMENTS (severities); i++) {
    json_array_extend (self.lists[0], self.lists[i]);
    json_decref (self.lists[i]);
  }
  return self.lists[0];
}

const char *
attention_judge (const json_t *attention, char **sentence)
{
  json_t *item;
  gulong count = 0;
  gsize i;

  json_array_foreach (attention, i, item)
  {
    const char *severity = json_string_value (json_object_get (item, "severity"));
    if (g_strcmp0 (severity, "bad") == 0) {
      *sentence = g_strdup (json_string_value (json_object_get (item, "text")));
      return "bad";
    }
    count += g_strcmp0 (severity, "attention") == 0;
  }
  *sentence = count == 0
      ? g_strdup (_ ("Everything is in order."))
      : g_strdup_printf (ngettext ("Mail works. %lu thing needs attention.",
                                   "Mail works. %lu things need attention.", count),
                         count);
  return count == 0 ? "good" : "attention";
}
