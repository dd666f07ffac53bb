/* Tests of daemon/admin/resource-sessions.c: who sees which session, and the end of one. The
 * sessions are real ones, in I/O threads. */
#include "net-fixture.h"
#include "admin/resources.h"
#include "net/sessions.h"

static const char *const users[] = { "anna@office.example", "bert@other.example", "-" };
static GSocket *sockets[G_N_ELEMENTS (users)];

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_atomic_int_inc (&net.closed);
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  g_autofree char *user = g_strndup ((const char *)bytes, length);

  if (strcmp (user, "-") != 0)
    g_assert_true (channel_claim_user (channel, user));
  channel_set_client (channel, "Tester");
  channel_write (channel, "y", 1);
  return length;
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  channel_set_events (channel, &events, NULL);
  g_atomic_int_inc (&net.open);
}

static const ListenerService listening = { "imaps", NULL, FALSE, accepted, NULL, NULL };

static void
survey (Survey *asked, gpointer data)
{
  survey_ask (asked, net.threads, NET_THREADS);
}

static void
set_up (void)
{
  net_start_threads ();
  net_listen (&listening);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    sockets[i] = net_connect ();
    net_send (sockets[i], users[i], strlen (users[i]));
    net_expect (sockets[i], "y");
  }
}

static void
tear_down (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    g_object_unref (sockets[i]);
  net_stop ();
}

/* In a thread, as a worker does, while the main loop runs. */
typedef struct {
  AdminCall *call;
  gboolean (*run) (AdminCall *call, GError **error);
  GError *error;
  gboolean done, ended; /* ENDED: atomic */
} Work;

static gpointer
work (gpointer data)
{
  Work *self = data;

  self->done = self->run (self->call, &self->error);
  g_atomic_int_set (&self->ended, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static gboolean
run (AdminCall *call, gboolean (*func) (AdminCall *, GError **), GError **error)
{
  Work self = { .call = call, .run = func };
  GThread *thread = g_thread_new ("worker", work, &self);

  while (!g_atomic_int_get (&self.ended))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  if (self.error)
    g_propagate_error (error, self.error);
  return self.done;
}

static int
compare (gconstpointer first, gconstpointer second)
{
  return strcmp (*(char *const *)first, *(char *const *)second);
}

/* The users of the sessions that are listed, sorted, with blanks between; free with g_free. */
static char *
list (const json_t *answer)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  json_t *one;
  gsize i;

  json_array_foreach (json_object_get (answer, "sessions"), i, one)
  {
    const char *user = json_string_value (json_object_get (one, "user"));
    g_assert_cmpstr (json_string_value (json_object_get (one, "protocol")), ==, "imaps");
    g_assert_cmpstr (json_string_value (json_object_get (one, "client")), ==, "Tester");
    g_assert_cmpstr (json_string_value (json_object_get (one, "address")), ==, "127.0.0.1");
    g_ptr_array_add (names, (gpointer)(user ? user : "-"));
  }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **)names->pdata);
}

static Caller *
caller_of (AdminRole role, const char *domains)
{
  Caller *self = caller_new_user ("x@office.example", "192.0.2.7");

  self->role = role;
  g_strfreev (self->domains);
  self->domains = g_strsplit (domains, " ", -1);
  return self;
}

static void
test_list (void)
{
  static const struct {
    AdminRole role;
    const char *domains, *seen;
  } rows[] = {
    { ADMIN_EVERYTHING, "", "- anna@office.example bert@other.example" },
    { ADMIN_LOOKS, "", "- anna@office.example bert@other.example" },
    { ADMIN_DOMAINS, "office.example", "anna@office.example" },
    { ADMIN_DOMAINS, "office.example other.example", "anna@office.example bert@other.example" },
    { ADMIN_DOMAINS, "third.example", "" },
  };
  const AdminService service = { .survey = survey };

  set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Caller) caller = caller_of (rows[i].role, rows[i].domains);
    AdminCall call = { .service = &service, .caller = caller, .answer = json_object () };

    g_assert_true (run (&call, sessions_get, NULL));
    g_autofree char *seen = list (call.answer);
    g_assert_cmpstr (seen, ==, rows[i].seen);
    json_decref (call.answer);
  }
  tear_down ();
}

static void
test_end (void)
{
  const AdminService service = { .survey = survey };
  g_autoptr (Caller) caller = caller_of (ADMIN_EVERYTHING, "");
  AdminCall call = { .service = &service, .caller = caller, .answer = json_object () };
  g_autoptr (GError) error = NULL;

  set_up ();
  g_assert_true (run (&call, sessions_get, NULL));
  json_t *first = json_array_get (json_object_get (call.answer, "sessions"), 0);
  call.argument = json_string_value (json_object_get (first, "id"));
  g_assert_true (run (&call, session_delete, NULL));
  g_assert_cmpstr (call.ended_session, ==, call.argument);
  g_clear_pointer (&call.ended_session, g_free);
  call.argument = "nobody's";
  g_assert_false (run (&call, session_delete, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  g_assert_null (call.ended_session);
  json_decref (call.answer);
  tear_down ();
}

/* A daemon that is not all there yet. */
static void
test_none (void)
{
  const AdminService service = { 0 };
  g_autoptr (Caller) caller = caller_of (ADMIN_EVERYTHING, "");
  AdminCall call = { .service = &service, .caller = caller, .answer = json_object () };

  g_assert_true (sessions_get (&call, NULL));
  g_assert_cmpuint (json_array_size (json_object_get (call.answer, "sessions")), ==, 0);
  json_decref (call.answer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resource-sessions/list", test_list);
  g_test_add_func ("/resource-sessions/end", test_end);
  g_test_add_func ("/resource-sessions/none", test_none);
  return g_test_run ();
}
