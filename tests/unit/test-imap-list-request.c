#include "imap/imap-list-request.h"

#include <string.h>

static const struct {
  const char *text;
  gboolean plain, extended;
  guint select, return_;
  guint patterns; /* 0: malformed */
} requests[] = {
  { " \"\" *", FALSE, FALSE, 0, 0, 1 },
  { " ref %", TRUE, FALSE, 0, 0, 1 },
  { " () \"\" *", FALSE, TRUE, 0, 0, 1 },
  { " (subscribed remote) \"\" *", FALSE, TRUE, IMAP_LIST_SUBSCRIBED | IMAP_LIST_REMOTE, 0, 1 },
  { " (RECURSIVEMATCH SUBSCRIBED) \"\" (a b)", FALSE, TRUE,
    IMAP_LIST_SUBSCRIBED | IMAP_LIST_RECURSIVE, 0, 2 },
  { " \"\" * RETURN (CHILDREN STATUS (MESSAGES SIZE) SPECIAL-USE MYRIGHTS)", FALSE, TRUE, 0,
    IMAP_LIST_CHILDREN | IMAP_LIST_STATUS | IMAP_LIST_SPECIAL_USE | IMAP_LIST_MYRIGHTS, 1 },
  { " \"\" * RETURN ()", FALSE, TRUE, 0, 0, 1 },
  /* malformed */
  { " (RECURSIVEMATCH) \"\" *" },
  { " (RECURSIVEMATCH REMOTE) \"\" *" },
  { " (CHILDREN) \"\" *" },
  { " \"\" * RETURN (REMOTE)" },
  { " \"\" * RETURN (STATUS)" },
  { " \"\" * RETURN (STATUS ())" },
  { " \"\" * RETURN" },
  { " \"\" ()" },
  { " \"\" * more" },
  { " \"\"" },
  { "" },
  { " (SUBSCRIBED) \"\" *", TRUE },
};

static void
test_requests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++) {
    ImapParser parser = imap_parser (requests[i].text, strlen (requests[i].text));
    g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, requests[i].plain);
    g_test_message ("%s", requests[i].text);
    g_assert_cmpint (request != NULL, ==, requests[i].patterns > 0);
    if (!request)
      continue;
    g_assert_cmpint (request->extended, ==, requests[i].extended);
    g_assert_cmpuint (request->select, ==, requests[i].select);
    g_assert_cmpuint (request->return_, ==, requests[i].return_);
    g_assert_cmpuint (request->patterns->len, ==, requests[i].patterns);
  }
}

static void
test_reference (void)
{
  static const char text[] = " \"a/\" (% b*)";
  ImapParser parser = imap_parser (text, strlen (text));
  g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, FALSE);

  g_assert_nonnull (request);
  g_assert_cmpstr (request->reference, ==, "a/");
  g_assert_cmpstr (request->patterns->pdata[0], ==, "a/%");
  g_assert_cmpstr (request->patterns->pdata[1], ==, "a/b*");
}

static void
test_bounds (void)
{
  static const struct {
    guint count, length;
    gboolean fine;
  } bounds[] = {
    { IMAP_LIST_PATTERNS_MAX, 10, TRUE },
    { IMAP_LIST_PATTERNS_MAX + 1, 10, FALSE },
    { 1, IMAP_LIST_PATTERN_BYTES_MAX, TRUE },
    { 2, IMAP_LIST_PATTERN_BYTES_MAX, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++) {
    g_autoptr (GString) text = g_string_new (" \"\" (");
    g_autofree char *pattern = g_strnfill (bounds[i].length, 'a');
    for (guint n = 0; n < bounds[i].count; n++)
      g_string_append_printf (text, "%s%s", n ? " " : "", pattern);
    g_string_append_c (text, ')');
    ImapParser parser = imap_parser (text->str, text->len);
    g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, FALSE);
    g_assert_cmpint (request != NULL, ==, bounds[i].fine);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-list-request/requests", test_requests);
  g_test_add_func ("/imap-list-request/reference", test_reference);
  g_test_add_func ("/imap-list-request/bounds", test_bounds);
  return g_test_run ();
}
