/* Tests of daemon/accounts/guard.c. */
#include "accounts-fixture.h"
#include "metrics.h"
#include "net/network.h"
#include "settings.h"

#define PEER "203.0.113.5"

static void
set (Setting setting, const char *text)
{
  g_autoptr (GError) error = NULL;

  setting_set (setting, text, &error);
  g_assert_no_error (error);
}

static void
set_up (Office *self, gconstpointer data)
{
  office_set_up (self, data);
  set (SETTING_BAN_AFTER, "5");
  set (SETTING_BAN_TIME, "15m");
  set (SETTING_BAN_EXEMPT_NETWORKS, "192.168.0.0/16");
  set (SETTING_GOOD_ADDRESS_TIME, "30d");
}

static void
guess (Guard *guard, const char *peer, guint count)
{
  for (guint i = 0; i < count; i++) {
    g_autofree char *secret = g_strdup_printf ("secret%u", i);
    guard_guessed (guard, peer, "anna@example.com", secret);
  }
}

static void
test_bans (Office *self, gconstpointer data)
{
  g_autoptr (Guard) guard = guard_new (self->store);
  const gint64 before = metric_get (METRIC_BANS);

  guess (guard, PEER, 4);
  g_assert_false (guard_refuses_text (guard, PEER));
  guard_guessed (guard, PEER, "bert@example.com", "secret0"); /* another name counts */
  g_assert_true (guard_refuses_text (guard, PEER));
  g_assert_false (guard_refuses_text (guard, "203.0.113.6"));
  g_assert_false (guard_refuses_text (guard, NULL));
  g_assert_false (guard_refuses_text (guard, "nonsense"));
  g_assert_cmpint (metric_get (METRIC_BANS), ==, before + 1);
  guard_close (guard);
}

/* A phone that repeats yesterday's password all day. */
static void
test_repeats (Office *self, gconstpointer data)
{
  g_autoptr (Guard) guard = guard_new (self->store);

  for (guint i = 0; i < 1000; i++)
    guard_guessed (guard, PEER, "anna@example.com", "yesterday's");
  g_assert_false (guard_refuses_text (guard, PEER));
  guard_close (guard);
}

/* IPv6 is counted by the network, as a guesser has a whole one. */
static void
test_network (Office *self, gconstpointer data)
{
  g_autoptr (Guard) guard = guard_new (self->store);

  for (guint i = 0; i < 5; i++) {
    g_autofree char *peer = g_strdup_printf ("2001:db8::%x", i + 1);
    g_autofree char *secret = g_strdup_printf ("%u", i);
    guard_guessed (guard, peer, "anna@example.com", secret);
  }
  g_assert_true (guard_refuses_text (guard, "2001:db8::ffff"));
  g_assert_false (guard_refuses_text (guard, "2001:db8:0:1::1"));
  guard_close (guard);
}

static void
test_spares (Office *self, gconstpointer data)
{
  g_autoptr (Guard) guard = guard_new (self->store);

  guess (guard, "192.168.7.7", 50); /* the office's own network */
  g_assert_false (guard_refuses_text (guard, "192.168.7.7"));
  guard_welcomed (guard, PEER); /* somebody behind it knows a password */
  guess (guard, PEER, 50);
  g_assert_false (guard_refuses_text (guard, PEER));
  set (SETTING_GOOD_ADDRESS_TIME, "0");
  guess (guard, PEER, 50);
  g_assert_true (guard_refuses_text (guard, PEER));
  set (SETTING_BAN_AFTER, "0");
  guess (guard, "203.0.113.9", 50);
  g_assert_false (guard_refuses_text (guard, "203.0.113.9"));
  guard_close (guard);
}

/* Bans and good addresses are there after a restart, and a ban that was lifted is not. */
static void
test_restart (Office *self, gconstpointer data)
{
  Guard *guard = guard_new (self->store);
  g_autoptr (GError) error = NULL;

  guess (guard, PEER, 5);
  guess (guard, "203.0.113.6", 5);
  guess (guard, "203.0.113.7", 5);
  guard_welcomed (guard, "203.0.113.8");
  g_assert_true (guard_lift (guard, "203.0.113.6", &error));
  g_assert_false (guard_refuses_text (guard, "203.0.113.6"));
  guess (guard, "203.0.113.6", 4);
  g_assert_false (guard_refuses_text (guard, "203.0.113.6")); /* it begins anew */
  guard_close (guard);
  guard_unref (guard);

  guard = guard_new (self->store);
  g_assert_true (guard_load (guard, &error));
  g_assert_true (guard_refuses_text (guard, PEER));
  g_assert_false (guard_refuses_text (guard, "203.0.113.6"));
  guess (guard, "203.0.113.8", 50);
  g_assert_false (guard_refuses_text (guard, "203.0.113.8"));
  g_assert_true (guard_lift_all (guard, &error));
  g_assert_false (guard_refuses_text (guard, PEER));
  g_assert_false (guard_refuses_text (guard, "203.0.113.7"));
  guard_close (guard);
  guard_unref (guard);

  guard = guard_new (self->store);
  g_assert_true (guard_load (guard, &error));
  g_assert_false (guard_refuses_text (guard, PEER));
  guard_close (guard);
  guard_unref (guard);
}

/* The main loop writes what has changed by itself. */
static void
test_saves (Office *self, gconstpointer data)
{
  Guard *guard = guard_new (self->store), *other = guard_new (self->store);

  guess (guard, PEER, 5);
  while (g_main_context_iteration (NULL, FALSE)) { }
  g_assert_true (guard_load (other, NULL));
  for (guint i = 0; i < 100 && !guard_refuses_text (other, PEER); i++) {
    g_usleep (20000);
    g_assert_true (guard_load (other, NULL));
  }
  g_assert_true (guard_refuses_text (other, PEER));
  guard_close (guard);
  guard_close (other);
  while (g_main_context_iteration (NULL, FALSE)) { }
  guard_unref (guard);
  guard_unref (other);
}

static void
test_by_hand (Office *self, gconstpointer data)
{
  g_autoptr (Guard) guard = guard_new (self->store);
  g_autoptr (GError) error = NULL, missing = NULL, wrong = NULL;
  g_autoptr (GArray) list = NULL;

  g_assert_true (guard_ban (guard, PEER, 0, &error));
  g_assert_true (guard_ban (guard, "192.168.1.1", 3600, &error)); /* who says so means it */
  list = guard_list (guard);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (metric_get (METRIC_BANNED), ==, 2);
  g_assert_true (guard_refuses_text (guard, "192.168.1.1"));
  g_assert_true (guard_lift (guard, PEER, &error));
  g_assert_false (guard_lift (guard, PEER, &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (guard_ban (guard, "office", 0, &wrong));
  g_assert_error (wrong, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  guard_close (guard);
}

#define add(path, func) g_test_add (path, Office, NULL, set_up, func, office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/guard/bans", test_bans);
  add ("/guard/repeats", test_repeats);
  add ("/guard/network", test_network);
  add ("/guard/spares", test_spares);
  add ("/guard/restart", test_restart);
  add ("/guard/saves", test_saves);
  add ("/guard/by-hand", test_by_hand);
  return g_test_run ();
}
