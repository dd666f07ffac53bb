/* Server-sent events over the API: what is heard, by whom, and when it ends. */
#include "admin-fixture.h"
#include "metrics.h"
#include "log.h"
#include <string.h>

typedef struct {
  Office *office;
  const char *user; /* NULL: with the token */
  const char *path;
  GCancellable *cancellable;
  GMutex lock;
  GCond changed;
  GString *heard; /* under the lock: "EVENT DATA\n" … */
  gboolean ended;
  GError *error;
} Ear;

static void
did_hear (const char *name, const char *data, gpointer user_data)
{
  Ear *self = user_data;

  g_mutex_lock (&self->lock);
  g_string_append_printf (self->heard, "%s %s\n", name, data);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static AdminClient *
connect_as (Office *office, const char *user)
{
  g_autoptr (Access) access = NULL;

  if (user == NULL)
    return admin_client_new_local (office->configuration, NULL);
  access = access_load (office->folder, NULL);
  return admin_client_new_remote (office->configuration->listen[LISTEN_ADMIN][0],
                                  access->fingerprint, user, USER_PASSWORD, NULL);
}

static gpointer
listen_on (gpointer data)
{
  Ear *self = data;
  g_autoptr (AdminClient) client = connect_as (self->office, self->user);

  admin_client_listen (client, self->path, self->cancellable, did_hear, self, &self->error);
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gboolean
hears (Ear *self, const char *text)
{
  const gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  gboolean found;

  g_mutex_lock (&self->lock);
  while (!(found = strstr (self->heard->str, text) != NULL) && !self->ended
         && g_cond_wait_until (&self->changed, &self->lock, deadline)) { }
  if (!found)
    g_test_message ("not heard: %s\n%s", text, self->heard->str);
  g_mutex_unlock (&self->lock);
  return found;
}

static GThread *
ear_open (Ear *self, Office *office, const char *user, const char *path)
{
  GThread *thread;

  *self = (Ear) { .office = office, .user = user, .path = path };
  self->cancellable = g_cancellable_new ();
  self->heard = g_string_new (NULL);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  thread = g_thread_new ("ear", listen_on, self);
  g_assert_true (hears (self, "hello "));
  return thread;
}

static void
ear_close (Ear *self, GThread *thread)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (thread);
  g_object_unref (self->cancellable);
  g_string_free (self->heard, TRUE);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

static void
call (AdminClient *client, const char *method, const char *path, const char *body)
{
  json_t *object = body ? json_loads (body, 0, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  json_t *answer = admin_client_call (client, method, path, object, &error);

  g_assert_no_error (error);
  json_decref (answer);
  json_decref (object);
}

static gboolean
lock_anna (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_quota (transaction, "anna@office.example", 4711, error);
}

static void
hear_all (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  Ear ear;
  GThread *thread = ear_open (&ear, office, NULL, "/v1/events");

  call (client, "PATCH", "/v1/users/anna@office.example", "{\"quota\":\"1G\"}");
  g_assert_true (hears (&ear,
                        "change {\"what\":\"users\",\"name\":\"anna@office.example\","
                        "\"by\":\"(token)\"}"));
  g_assert_true (hears (&ear, "metrics {\"time\":"));
  log_event (LOG_WARNING, "Something of note", "user", "anna", NULL);
  g_assert_true (hears (&ear, "\"message\":\"Something of note\",\"fields\":{\"user\":\"anna\"}"));
  call (client, "POST", "/v1/check", NULL);
  g_assert_true (hears (&ear, "\"kind\":\"check\",\"state\":\"done\""));
  g_assert_true (hears (&ear, "change {\"what\":\"audit\",\"name\":null"));
  /* Somebody else's change, past the API. */
  g_mutex_lock (&ear.lock);
  g_string_truncate (ear.heard, 0);
  g_mutex_unlock (&ear.lock);
  g_assert_true (store_write_sync (office->store, lock_anna, NULL, NULL));
  g_assert_true (hears (&ear, "change {\"what\":\"users\",\"name\":null"));
  ear_close (&ear, thread);
}

static void
test_all (Office *self, gconstpointer data)
{
  office_with_client (self, hear_all);
}

/* A domain administrator hears of its own, and is sent away with its role. */
static void
hear_part (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  Ear ear;
  GThread *thread;

  call (client, "PUT", "/v1/domains/other.example", NULL);
  call (client, "PUT", "/v1/administrators/anna@office.example",
        "{\"role\":\"domain-administrator\",\"domains\":[\"office.example\"]}");
  thread = ear_open (&ear, office, "anna@office.example", "/v1/events");
  call (client, "POST", "/v1/users/x@other.example", "{\"password\":\"long enough\"}");
  call (client, "PUT", "/v1/settings/smtp.max-hops", "{\"value\":\"20\"}");
  call (client, "POST", "/v1/users/y@office.example", "{\"password\":\"long enough\"}");
  g_assert_true (hears (&ear, "change {\"what\":\"users\",\"name\":\"y@office.example\""));
  g_mutex_lock (&ear.lock);
  g_assert_null (strstr (ear.heard->str, "other.example"));
  g_assert_null (strstr (ear.heard->str, "settings"));
  g_assert_null (strstr (ear.heard->str, "metrics"));
  g_assert_null (strstr (ear.heard->str, "(token)"));
  g_mutex_unlock (&ear.lock);
  call (client, "DELETE", "/v1/administrators/anna@office.example", NULL);
  g_assert_true (hears (&ear, "end {\"error\":\"Your role has changed."));
  ear_close (&ear, thread);
}

static void
test_part (Office *self, gconstpointer data)
{
  office_with_client (self, hear_part);
}

/* Eight of one user, and no more; one that goes makes room. */
static void
listen_often (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  g_autoptr (GError) error = NULL;
  GThread *threads[8];
  Ear ears[8];

  for (guint i = 0; i < G_N_ELEMENTS (ears); i++)
    threads[i] = ear_open (&ears[i], office, NULL, "/v1/events?topics=change");
  g_assert_false (
      admin_client_listen (client, "/v1/events?topics=change", NULL, did_hear, &ears[0], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  for (guint i = 0; i < G_N_ELEMENTS (ears); i++)
    ear_close (&ears[i], threads[i]);
  g_usleep (500000); /* the server hears of the ends by and by */
  threads[0] = ear_open (&ears[0], office, NULL, "/v1/events?topics=change");
  ear_close (&ears[0], threads[0]);
}

static void
test_often (Office *self, gconstpointer data)
{
  office_with_client (self, listen_often);
}

static void
ask_wrongly (Office *office)
{
  static const char *const paths[] = { "/v1/events?topics=weather", "/v1/events?level=loud" };
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (admin_client_listen (client, paths[i], NULL, did_hear, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
}

static void
test_wrong (Office *self, gconstpointer data)
{
  office_with_client (self, ask_wrongly);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/event-hub/all", Office, NULL, office_set_up, test_all, office_tear_down);
  g_test_add ("/event-hub/part", Office, NULL, office_set_up, test_part, office_tear_down);
  g_test_add ("/event-hub/often", Office, NULL, office_set_up, test_often, office_tear_down);
  g_test_add ("/event-hub/wrong", Office, NULL, office_set_up, test_wrong, office_tear_down);
  return g_test_run ();
}
