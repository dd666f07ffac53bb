/* Tests of daemon/pop3/pop3-door.c. */
#include "pop3/pop3-door.h"
#include "settings.h"

#define SECOND G_USEC_PER_SEC

static void
test_several (void)
{
  g_autoptr (Pop3Door) door = pop3_door_new ();

  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_OPEN);
  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_OPEN);
  pop3_door_leave (door, 1);
  pop3_door_leave (door, 1);
}

static void
test_exclusive (void)
{
  g_autoptr (Pop3Door) door = pop3_door_new ();

  g_assert_true (setting_set (SETTING_POP3_EXCLUSIVE, "yes", NULL));
  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_OPEN);
  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_IN_USE);
  g_assert_cmpint (pop3_door_enter (door, 2, 0), ==, POP3_DOOR_OPEN);
  pop3_door_leave (door, 1);
  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_OPEN);
  pop3_door_leave (door, 1);
  pop3_door_leave (door, 2);
  g_assert_true (setting_set (SETTING_POP3_EXCLUSIVE, "no", NULL));
}

static void
test_delay (void)
{
  g_autoptr (Pop3Door) door = pop3_door_new ();

  g_assert_true (setting_set (SETTING_POP3_LOGIN_DELAY, "10s", NULL));
  g_assert_cmpint (pop3_door_enter (door, 1, 0), ==, POP3_DOOR_OPEN);
  pop3_door_leave (door, 1);
  g_assert_cmpint (pop3_door_enter (door, 1, 9 * SECOND), ==, POP3_DOOR_TOO_SOON);
  g_assert_cmpint (pop3_door_enter (door, 2, 9 * SECOND), ==, POP3_DOOR_OPEN);
  g_assert_cmpint (pop3_door_enter (door, 1, 10 * SECOND), ==, POP3_DOOR_OPEN);
  pop3_door_leave (door, 1);
  pop3_door_leave (door, 2);
  /* Many accounts: those whose time is over make room. */
  for (gint64 account = 3; account < 30000; account++) {
    g_assert_cmpint (pop3_door_enter (door, account, account * SECOND), ==, POP3_DOOR_OPEN);
    pop3_door_leave (door, account);
  }
  g_assert_true (setting_set (SETTING_POP3_LOGIN_DELAY, "0s", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-door/several", test_several);
  g_test_add_func ("/pop3-door/exclusive", test_exclusive);
  g_test_add_func ("/pop3-door/delay", test_delay);
  return g_test_run ();
}
