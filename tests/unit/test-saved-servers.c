/* Servers in a key file, as people and editors leave it. */
#include "saved-servers.h"

#define PRINT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
test_put (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (SavedServer) one
      = saved_server_new ("Office", "a.example:8420", "anna@a.example", PRINT, FALSE);
  g_autoptr (SavedServer) same
      = saved_server_new ("", "a.example:8420", "bert@a.example", PRINT, FALSE);
  g_autoptr (SavedServer) other
      = saved_server_new (NULL, "b.example:8420", "c@b.example", PRINT, FALSE);

  saved_servers_put (file, one);
  saved_servers_put (file, other);
  saved_servers_put (file, same);
  g_autoptr (GPtrArray) list = saved_servers_list (file);
  g_assert_cmpuint (list->len, ==, 2);
  const SavedServer *first = list->pdata[0], *second = list->pdata[1];
  g_assert_cmpstr (first->address, ==, "b.example:8420");
  g_assert_cmpstr (first->name, ==, "b.example:8420");
  g_assert_cmpstr (second->user, ==, "bert@a.example");
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  g_assert_null (g_strstr_len (text, -1, "password"));
}

/* The daemon of this computer is one, whatever its port was. */
static void
test_local (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (SavedServer) one
      = saved_server_new ("Here", "127.0.0.1:8420", "admin@a.example", PRINT, TRUE);
  g_autoptr (SavedServer) moved
      = saved_server_new ("Here", "127.0.0.1:28420", "admin@a.example", PRINT, TRUE);

  saved_servers_put (file, one);
  saved_servers_put (file, moved);
  g_autoptr (GPtrArray) list = saved_servers_list (file);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((SavedServer *)list->pdata[0])->address, ==, "127.0.0.1:28420");
}

static void
test_remove (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (SavedServer) one
      = saved_server_new ("x", "a.example:8420", "u@a.example", PRINT, FALSE);

  saved_servers_put (file, one);
  saved_servers_set_last (file, "a.example:8420");
  g_assert_false (saved_servers_remove (file, "b.example:8420"));
  g_assert_true (saved_servers_remove (file, "a.example:8420"));
  g_assert_null (saved_servers_last (file));
}

static void
test_broken (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  static const char text[] = "[window]\nwidth=1\n[server 1]\naddress=a.example\n"
                             "[server 2]\naddress=a.example\nuser=u\nfingerprint=12\n"
                             "[server 3]\naddress=b.example\nuser=u\nfingerprint=" PRINT "\n";

  g_assert_true (g_key_file_load_from_data (file, text, -1, G_KEY_FILE_NONE, NULL));
  g_autoptr (GPtrArray) list = saved_servers_list (file);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((SavedServer *)list->pdata[0])->address, ==, "b.example:8420");
}

static void
test_address (void)
{
  static const struct {
    const char *typed, *address;
  } table[] = { { "mail.example.com", "mail.example.com:8420" },
                { " mail.example.com:9000 ", "mail.example.com:9000" },
                { "https://mail.example.com/", "mail.example.com:8420" },
                { "192.0.2.1", "192.0.2.1:8420" },
                { "2001:db8::1", "[2001:db8::1]:8420" },
                { "[2001:db8::1]", "[2001:db8::1]:8420" },
                { "[2001:db8::1]:9", "[2001:db8::1]:9" },
                { "", NULL },
                { ":8420", NULL },
                { "mail.example.com:0", NULL },
                { "mail.example.com:99999", NULL },
                { "mail.example.com:x", NULL },
                { "user@mail.example.com", NULL },
                { "mail example", NULL },
                { "mail/example", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *address = server_address_parse (table[i].typed);
    g_assert_cmpstr (address, ==, table[i].address);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/saved-servers/put", test_put);
  g_test_add_func ("/saved-servers/local", test_local);
  g_test_add_func ("/saved-servers/remove", test_remove);
  g_test_add_func ("/saved-servers/broken", test_broken);
  g_test_add_func ("/saved-servers/address", test_address);
  return g_test_run ();
}
