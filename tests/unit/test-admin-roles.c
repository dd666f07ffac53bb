/* Through the door of the admin API, with passwords: each role calls every resource. What may not
 * be done is refused and leaves no trace, and what a domain administrator is shown speaks of nobody
 * else's domains. (Who may is held against the table in test-resource-rules.c.) */
#include "admin-calls.h"
#include "accounts/brake.h"
#include "admin/access.h"
#include "admin/resources.h"
#include "archive/history.h"
#include "queue/queue.h"
#include "settings.h"

#define PART "anna@office.example" /* administers office.example */
#define LOOKER "lola@office.example" /* read-only */

static const struct {
  const char *method, *path, *body;
} made[] = {
  { "PUT", "/v1/domains/other.example", NULL },
  { "POST", "/v1/users/" LOOKER, "{\"password\":\"" USER_PASSWORD "\"}" },
  { "POST", "/v1/users/bert@other.example", "{\"display_name\":\"Bert\"}" },
  { "POST", "/v1/users/cora@office.example", "{\"display_name\":\"Cora\"}" },
  { "PUT", "/v1/aliases/news@office.example", "{\"targets\":[\"cora@office.example\"]}" },
  { "PUT", "/v1/aliases/news@other.example", "{\"targets\":[\"bert@other.example\"]}" },
  { "POST", "/v1/groups/all@office.example", "{\"admit\":[\"cora@office.example\"]}" },
  { "POST", "/v1/groups/all@other.example", "{\"admit\":[\"bert@other.example\"]}" },
  { "POST", "/v1/roles/info@office.example", "{\"admit\":[\"cora@office.example\"]}" },
  { "POST", "/v1/roles/info@other.example", "{\"admit\":[\"bert@other.example\"]}" },
  { "PUT", "/v1/administrators/" PART,
    "{\"role\":\"domain-administrator\",\"domains\":[\"office.example\"]}" },
  { "PUT", "/v1/administrators/" LOOKER, "{\"role\":\"read-only\"}" },
};

static gboolean
fill_more (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const senders[] = { "cora@office.example", "bert@other.example" };

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++) {
    const QueueRow row = { .sender = senders[i], .recipient = "x@elsewhere.example" };
    if (!queue_add (transaction, &row, error) || !brake_lock (transaction, senders[i], error))
      return FALSE;
  }
  return TRUE;
}

/* A stranger writes to both, of whom neither knows (Bcc); then each of them to the stranger, signed
 * on; then the stranger in the name of one of them: to both, to the other alone, and in vain. */
static void
note_mails (void)
{
  static const struct {
    gint64 message;
    HistoryKind kind;
    const char *sender, *recipient, *user, *address;
  } events[] = {
    { 1, HISTORY_TAKEN, "stranger@elsewhere.example", NULL, NULL, "192.0.2.7" },
    { 1, HISTORY_DELIVERED, "stranger@elsewhere.example", "cora@office.example" },
    { 1, HISTORY_DELIVERED, "stranger@elsewhere.example", "bert@other.example" },
    { 2, HISTORY_TAKEN, "bert@other.example", NULL, "bert@other.example", "192.0.2.2" },
    { 2, HISTORY_SENT, "bert@other.example", "stranger@elsewhere.example" },
    { 3, HISTORY_TAKEN, "cora@office.example", NULL, "cora@office.example", "192.0.2.3" },
    { 3, HISTORY_SENT, "cora@office.example", "stranger@elsewhere.example" },
    { 4, HISTORY_TAKEN, "cora@office.example", NULL, NULL, "192.0.2.7" },
    { 4, HISTORY_DELIVERED, "cora@office.example", "cora@office.example" },
    { 4, HISTORY_DELIVERED, "cora@office.example", "bert@other.example" },
    { 5, HISTORY_TAKEN, "cora@office.example", NULL, NULL, "192.0.2.7" },
    { 5, HISTORY_DELIVERED, "cora@office.example", "bert@other.example" },
    { 0, HISTORY_REFUSED, "cora@office.example", "bert@other.example", NULL, "192.0.2.7" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    const HistoryEvent event = { .kind = events[i].kind,
                                 .message = events[i].message,
                                 .sender = events[i].sender,
                                 .recipient = events[i].recipient,
                                 .user = events[i].user,
                                 .address = events[i].address };
    history_note (&event);
  }
}

static void
make_office (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    api_run (client, made[i].method, made[i].path, made[i].body, -1);
  g_assert_true (store_write_sync (office->store, fill_more, NULL, NULL));
  note_mails ();
}

static AdminClient *
connect_as (Office *office, const char *user)
{
  g_autoptr (Access) access = access_load (office->folder, NULL);

  return admin_client_new_remote (office->configuration->listen[LISTEN_ADMIN][0],
                                  access->fingerprint, user, USER_PASSWORD, NULL);
}

static guint
ask (AdminClient *client, const char *method, const char *path, AdminReply *reply)
{
  json_t *body = json_object ();
  const AdminRequest request = { method, path, strcmp (method, "GET") == 0 ? NULL : body, NULL };

  admin_client_exchange (client, &request, reply, NULL);
  json_decref (body);
  return reply->status;
}

/* How often anything was changed. */
static gboolean
count_changes (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT coalesce (sum (number), 0) FROM change", "");

  g_assert_true (row && statement_next (row, error));
  *(gint64 *)data = statement_int (row, 0);
  statement_done (row);
  return TRUE;
}

static gint64
changes (Office *office)
{
  gint64 number;

  g_assert_true (store_read_sync (office->store, count_changes, &number, NULL));
  return number;
}

/* The path of RESOURCE for somebody of DOMAIN, who may be written in another way. */
static char *
path_for (const Resource *resource, const char *domain)
{
  g_autofree char *base = g_strndup (resource->path, strcspn (resource->path, "*"));

  if (strchr (resource->path, '*') == NULL)
    return g_steal_pointer (&base);
  if (resource->who == WHO_DOMAIN)
    return g_strconcat (base, domain, NULL);
  if (resource->who == WHO_QUEUED)
    return g_strconcat (base, g_str_has_prefix (domain, "office") ? "1" : "2", NULL);
  return g_strconcat (base, "news%40", domain, NULL);
}

/* Everything that changes something, and all that is the server's or somebody else's. */
static void
refuse_all (Office *office)
{
  static const char *const domains[] = { "office.example", "other.example", "OTHER.Example" };
  g_autoptr (AdminClient) part = connect_as (office, PART), looker = connect_as (office, LOOKER);
  guint count, refused = 0;
  const Resource *table = resource_table (&count);
  gint64 before;

  make_office (office);
  api_run (part, "GET", "/v1/whoami", NULL, -1); /* the login itself is written down */
  api_run (looker, "GET", "/v1/whoami", NULL, -1);
  before = changes (office);
  for (guint i = 0; i < count; i++)
    for (guint d = 0; d < G_N_ELEMENTS (domains); d++) {
      const Resource *resource = &table[i];
      g_autofree char *path = path_for (resource, domains[d]);
      const gboolean others = d > 0
          && (resource->who == WHO_DOMAIN || resource->who == WHO_ADDRESS
              || resource->who == WHO_QUEUED);
      g_auto (AdminReply) for_part = { 0 }, for_looker = { 0 };

      g_test_message ("%s %s", resource->method, path);
      if (resource_changes (resource)) {
        g_assert_cmpuint (ask (looker, resource->method, path, &for_looker), ==, 403);
        refused++;
      }
      if (resource->who == WHO_SERVER || others) {
        g_assert_cmpuint (ask (part, resource->method, path, &for_part), ==, 403);
        refused++;
      }
    }
  g_assert_cmpint (changes (office), ==, before);
  g_test_message ("%u refusals of %u resources", refused, count);
  g_assert_cmpuint (refused, >, count);
}

/* Lists and what everybody may look at. */
static void
look_at_part (Office *office)
{
  static const char *const others[]
      = { "other.example", "bert", "Bert", LOOKER "\",\"administrator\":true" };
  g_autoptr (AdminClient) part = connect_as (office, PART);
  guint count, looked = 0;
  const Resource *table = resource_table (&count);

  make_office (office);
  for (guint i = 0; i < count; i++) {
    const Resource *resource = &table[i];
    g_auto (AdminReply) reply = { 0 };

    if ((resource->who != WHO_LIST && resource->who != WHO_ANYBODY)
        || strcmp (resource->path, "/v1/events") == 0)
      continue;
    g_assert_cmpuint (ask (part, resource->method, resource->path, &reply), ==, 200);
    g_autofree char *text = json_dumps (reply.object, JSON_COMPACT);
    g_test_message ("%s: %s", resource->path, text);
    for (guint k = 0; k < G_N_ELEMENTS (others); k++)
      g_assert_null (strstr (text, others[k]));
    if (resource->who == WHO_LIST && strcmp (resource->path, "/v1/sessions") != 0)
      g_assert_nonnull (strstr (text, "office.example"));
    looked++;
  }
  g_assert_cmpuint (looked, >=, 10);
}

/* Whoever writes in the name of one of the domain's lets its administrator see nobody else's
 * recipients: of the three such mails one is left, without bert. */
static void
trace_forged (AdminClient *client)
{
  json_t *answer
      = api_call (client, "POST", "/v1/trace", "{\"about\":\"cora@office.example\"}", -1);
  char *text = json_dumps (answer, JSON_COMPACT);

  g_test_message ("%s", text);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "mails")), ==, 3);
  g_assert_null (strstr (text, "bert@other.example"));
  free (text);
  json_decref (answer);
  answer = api_call (client, "POST", "/v1/trace", "{\"about\":\"bert@other.example\"}", -1);
  text = json_dumps (answer, JSON_COMPACT);
  g_assert_null (strstr (text, "bert@other.example"));
  free (text);
  json_decref (answer);
}

/* Of a mail of a stranger's own lines are told, of one of the domain's own all. */
static void
trace_part (Office *office)
{
  g_autoptr (AdminClient) part = connect_as (office, PART);
  json_t *answer, *mail;
  gsize i, lines[2] = { 0 };

  make_office (office);
  answer = api_call (part, "POST", "/v1/trace", "{\"about\":\"stranger@elsewhere.example\"}", -1);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "mails")), ==, 2);
  json_array_foreach (json_object_get (answer, "mails"), i, mail) lines[i]
      = json_array_size (json_object_get (mail, "lines"));
  g_assert_cmpuint (lines[0], ==, 2);
  g_assert_cmpuint (lines[1], ==, 2);
  json_decref (answer);
  trace_forged (part);
}

static void
test_with (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (setting_set (SETTING_TRACE_TIME, "365d", NULL));
  history_start (self->folder, &error);
  g_assert_no_error (error);
  office_with_client (self, (void (*) (Office *))data);
  history_stop ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/admin-roles/refused", Office, refuse_all, office_set_up, test_with,
              office_tear_down);
  g_test_add ("/admin-roles/lists", Office, look_at_part, office_set_up, test_with,
              office_tear_down);
  g_test_add ("/admin-roles/trace", Office, trace_part, office_set_up, test_with, office_tear_down);
  return g_test_run ();
}
