/* Why mail waits, in words. */
#include "mail-words.h"
#include <string.h>

#define NOW 1000000

static void
test_state (void)
{
  static const struct {
    const char *item;
    MailState state;
    const char *part; /* of why */
  } table[] = {
    { "{\"attempts\": 0}", MAIL_IS_NEW, "on its way" },
    { "{\"attempts\": 3, \"due\": 1000600, \"reply\": \"450 4.2.2 full\"}", MAIL_IS_TRIED,
      "Tried 3 times." },
    { "{\"attempts\": 1, \"due\": 5, \"reply\": \"x\"}", MAIL_IS_TRIED, "right now" },
    { "{\"attempts\": 1, \"held\": true}", MAIL_IS_HELD, "administrator" },
    { "{\"held\": true, \"braked\": true}", MAIL_IS_BRAKED, "brake" },
    { "{\"released\": 1009999}", MAIL_IS_SCHEDULED, "sender wants" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (json_t) item = json_loads (table[i].item, 0, NULL);
    g_autofree char *why = mail_why (item, NOW);
    g_assert_cmpint (mail_state (item, NOW), ==, table[i].state);
    g_assert_nonnull (strstr (why, table[i].part));
  }
}

static void
test_meaning (void)
{
  static const struct {
    const char *reply, *part; /* NULL: it has no words */
  } table[] = {
    { "450 4.7.1 Greylisted", "later" },
    { "452 4.2.2 Mailbox full", "full" },
    { "550 5.1.10 No mail here", "takes no mail" },
    { "550 5.1.1 unknown", "nobody" },
    { "421 too busy", "busy" },
    { "14.7.1", NULL },
    { "The connection was refused", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const char *meaning = mail_reply_meaning (table[i].reply);
    if (table[i].part == NULL)
      g_assert_null (meaning);
    else
      g_assert_nonnull (strstr (meaning, table[i].part));
  }
}

static void
test_life (void)
{
  g_autoptr (json_t) good = json_pack ("{s:s}", "what", "delivered");
  g_autoptr (json_t) bad = json_pack ("{s:s}", "what", "failed");
  g_autoptr (json_t) newer = json_pack ("{s:s}", "what", "of a newer server");
  g_autoptr (json_t) mail = json_pack ("{s:[{s:s}]}", "lines", "sender", "");
  g_autofree char *title = life_title (mail);

  g_assert_cmpint (life_kind (good), ==, LIFE_GOOD);
  g_assert_cmpint (life_kind (bad), ==, LIFE_BAD);
  g_assert_cmpint (life_kind (newer), ==, LIFE_PLAIN);
  g_assert_nonnull (strstr (title, "report"));
}

static void
test_brake (void)
{
  g_autoptr (json_t) brake
      = json_pack ("{s:s, s:i, s:i}", "reason", "recipients", "count", 212, "usual", 14);
  g_autofree char *why = brake_why (brake);

  g_assert_cmpstr (why, ==,
                   "Wrote to 212 recipients outside within an hour. The most within an hour before "
                   "was 14.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mail-words/state", test_state);
  g_test_add_func ("/mail-words/meaning", test_meaning);
  g_test_add_func ("/mail-words/life", test_life);
  g_test_add_func ("/mail-words/brake", test_brake);
  return g_test_run ();
}
