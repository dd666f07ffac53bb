/* Tests of daemon/net/dns.c without a server that answers; with one: tests/dns. */
#include "net/dns.h"
#include "platform/file.h"

typedef struct {
  char *folder;
  GSocket *deaf; /* takes questions and never answers */
  Dns *dns;
} Fixture;

static char *
bind_deaf (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  fixture->deaf
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_bind (fixture->deaf, any, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (fixture->deaf, NULL);
  return g_strdup_printf ("127.0.0.1@%u",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *forwarder = bind_deaf (fixture);
  fixture->folder = g_dir_make_tmp ("dns-XXXXXX", NULL);
  const DnsOptions options = { fixture->folder, forwarder };

  fixture->dns = dns_new (&options, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) names = NULL;

  g_clear_pointer (&fixture->dns, dns_free);
  names = file_list (fixture->folder, NULL);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (fixture->folder, names->pdata[i], NULL);
    file_remove (path, NULL);
  }
  file_remove_folder (fixture->folder, NULL);
  g_free (fixture->folder);
  g_object_unref (fixture->deaf);
}

/* Counts the answers. */
typedef struct {
  guint count, failed, cancelled;
  DnsAnswer *last;
} Answers;

static void
did_look_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Answers *answers = data;
  DnsAnswer *answer = dns_look_up_finish (result, &error);

  answers->count++;
  answers->cancelled += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  answers->failed += answer && answer->status == DNS_FAILED;
  g_clear_pointer (&answers->last, dns_answer_free);
  answers->last = answer;
}

static void
wait_for (Answers *answers, guint count)
{
  while (answers->count < count)
    g_main_context_iteration (NULL, TRUE);
}

/* libunbound knows it by itself. */
static void
test_localhost (Fixture *fixture, gconstpointer data)
{
  Answers answers = { 0 };
  g_autofree char *text = NULL;

  dns_look_up_async (fixture->dns, "localhost.", DNS_TYPE_A, NULL, did_look_up, &answers);
  g_assert_cmpuint (answers.count, ==, 0);
  wait_for (&answers, 1);
  g_assert_cmpint (answers.last->status, ==, DNS_FOUND);
  g_assert_false (answers.last->secure);
  text = g_inet_address_to_string (((DnsRecord *)answers.last->records->pdata[0])->address);
  g_assert_cmpstr (text, ==, "127.0.0.1");
  dns_answer_free (answers.last);
}

static void
test_no_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *label = g_strnfill (64, 'a');
  g_autofree char *name = g_strnfill (300, 'a');
  const char *names[] = { "", ".", "\xff", "a..b", label, name, "nothing.invalid" };
  Answers answers = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_test_message ("%s", names[i]);
    dns_look_up_async (fixture->dns, names[i], DNS_TYPE_MX, NULL, did_look_up, &answers);
    wait_for (&answers, i + 1);
    g_assert_cmpint (answers.last->status, ==, DNS_NO_NAME);
  }
  dns_answer_free (answers.last);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answers answers = { 0 };

  dns_look_up_async (fixture->dns, "example.com", DNS_TYPE_MX, cancellable, did_look_up, &answers);
  g_cancellable_cancel (cancellable);
  wait_for (&answers, 1);
  g_assert_cmpuint (answers.cancelled, ==, 1);
}

/* Nobody waits longer than DNS_SECONDS, and dead servers do not delay the end. */
static void
test_limits (Fixture *fixture, gconstpointer data)
{
  Answers answers = { 0 };
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < DNS_PENDING_MAX + 100; i++) {
    g_autofree char *name = g_strdup_printf ("host-%u.example.com", i);
    dns_look_up_async (fixture->dns, name, DNS_TYPE_A, NULL, did_look_up, &answers);
  }
  wait_for (&answers, 100);
  g_assert_cmpuint (answers.failed, ==, answers.count);
  dns_free (g_steal_pointer (&fixture->dns));
  wait_for (&answers, DNS_PENDING_MAX + 100);
  g_assert_cmpuint (answers.failed, ==, answers.count);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, DNS_SECONDS * G_USEC_PER_SEC);
  dns_answer_free (answers.last);
}

static void
test_forwarders (void)
{
  static const struct {
    const char *text;
    gboolean is_list;
  } lists[] = { { "", TRUE },
                { "192.0.2.1", TRUE },
                { "192.0.2.1@5353 ::1", TRUE },
                { "192.0.2.1@0", FALSE },
                { "192.0.2.1@99999", FALSE },
                { "dns.example", FALSE },
                { "::1@", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_assert_cmpint (dns_forwarders_check (lists[i].text, NULL), ==, lists[i].is_list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/dns/localhost", Fixture, NULL, set_up, test_localhost, tear_down);
  g_test_add ("/dns/no-names", Fixture, NULL, set_up, test_no_names, tear_down);
  g_test_add ("/dns/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/dns/limits", Fixture, NULL, set_up, test_limits, tear_down);
  g_test_add_func ("/dns/forwarders", test_forwarders);
  return g_test_run ();
}
