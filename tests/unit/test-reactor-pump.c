/* The pump: what is posted arrives whole and in order, wakes the context up, and the end loses
 * nothing. */
#include "platform/windows/reactor-pump.h"

enum { ENTRIES = 5000 };

typedef struct {
  HANDLE port;
  ReactorPump *pump;
  gsize taken;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->port = CreateIoCompletionPort (INVALID_HANDLE_VALUE, NULL, 0, 1);
  self->pump = reactor_pump_new (self->port, g_main_context_default (), NULL);
  g_assert_nonnull (self->pump);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  reactor_pump_free (self->pump);
  CloseHandle (self->port);
}

static void
post (Fixture *self, gsize number)
{
  g_assert_true (PostQueuedCompletionStatus (self->port, 0, 0, (OVERLAPPED *)number));
}

/* Entries are numbered from 1; the pump's own last one is 0. */
static void
take (Fixture *self)
{
  GArray *entries = reactor_pump_take (self->pump);

  for (guint i = 0; i < entries->len; i++) {
    gsize number = (gsize)g_array_index (entries, OVERLAPPED_ENTRY, i).lpOverlapped;
    g_assert_cmpuint (number, ==, number == 0 ? 0 : ++self->taken);
  }
}

static void
test_wakes_up (Fixture *self, gconstpointer data)
{
  g_assert_false (reactor_pump_has_entries (self->pump));
  for (gsize i = 1; i <= 50; i++) {
    post (self, i);
    while (!reactor_pump_has_entries (self->pump))
      g_main_context_iteration (NULL, TRUE); /* no other source is there to end it */
    take (self);
    g_assert_cmpuint (self->taken, ==, i);
    g_assert_false (reactor_pump_has_entries (self->pump));
  }
  reactor_pump_stop (self->pump);
}

static void
test_many (Fixture *self, gconstpointer data)
{
  for (gsize i = 1; i <= ENTRIES; i++) {
    post (self, i);
    if (i % 100 == 0)
      take (self);
  }
  reactor_pump_stop (self->pump);
  take (self); /* the port gave everything before the order to stop */
  g_assert_cmpuint (self->taken, ==, ENTRIES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/reactor-pump/wakes-up", Fixture, NULL, set_up, test_wakes_up, tear_down);
  g_test_add ("/reactor-pump/many", Fixture, NULL, set_up, test_many, tear_down);
  return g_test_run ();
}
