/* What a NOTIFY asks for. */
#include "imap/imap-notify-syntax.h"

#include <string.h>

#define BOTH (IMAP_NOTIFY_MESSAGE_NEW | IMAP_NOTIFY_MESSAGE_EXPUNGE)

static const struct {
  const char *text;
  gboolean well, status, unsupported, has_selected, delayed;
  guint selected, groups, all_events;
} requests[] = {
  { " NONE", TRUE },
  { " none", TRUE },
  { " SET (selected NONE)", TRUE, .has_selected = TRUE },
  { " set status (Selected-Delayed (messagenew messageexpunge flagchange))", TRUE, TRUE,
    .has_selected = TRUE, .delayed = TRUE, .selected = BOTH | IMAP_NOTIFY_FLAG_CHANGE,
    .all_events = BOTH | IMAP_NOTIFY_FLAG_CHANGE },
  { " SET (selected MessageNew (uid) MessageExpunge)", TRUE, .has_selected = TRUE, .selected = BOTH,
    .all_events = BOTH },
  { " SET (inboxes (MailboxName)) (subtree (a \"b c\") NONE)", TRUE, .groups = 2,
    .all_events = IMAP_NOTIFY_MAILBOX_NAME },
  { " SET (mailboxes INBOX (ServerMetadataChange SubscriptionChange))", TRUE, .groups = 1,
    .all_events = IMAP_NOTIFY_SERVER_METADATA_CHANGE | IMAP_NOTIFY_SUBSCRIPTION_CHANGE },
  { " SET (subscribed (Sunrise))", TRUE, .unsupported = TRUE, .groups = 1 },
  { " SET (personal (AnnotationChange MessageNew MessageExpunge))", TRUE, .unsupported = TRUE,
    .groups = 1, .all_events = BOTH | IMAP_NOTIFY_ANNOTATION_CHANGE },
  /* malformed, or against §5 and §6.1 */
  { "" },
  { " " },
  { " NONE " },
  { " SET" },
  { " SET STATUS" },
  { " SET (selected)" },
  { " SET (selected ())" },
  { " SET (everything (MailboxName))" },
  { " SET (personal (MessageNew))" },
  { " SET (personal (MessageExpunge))" },
  { " SET (personal (FlagChange))" },
  { " SET (personal (AnnotationChange))" },
  { " SET (personal (MessageNew (UID) MessageExpunge))" },
  { " SET (selected (MailboxName))" },
  { " SET (selected NONE) (selected NONE)" },
  { " SET (selected (MessageNew () MessageExpunge))" },
  { " SET (selected (MessageNew (UNKNOWN) MessageExpunge))" },
  { " SET (selected (MessageNew (UID) MessageNew (UID) MessageExpunge))" },
  { " SET (subtree () (MailboxName))" },
  { " SET (subtree (MailboxName))" },
  { " SET (personal (MailboxName)" },
  { " SET (personal (MailboxName))x" },
};

static void
test_requests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++) {
    ImapParser parser = imap_parser (requests[i].text, strlen (requests[i].text));
    g_autoptr (ImapNotifyRequest) request = imap_notify_request_parse (&parser);
    g_test_message ("%s", requests[i].text);
    g_assert_cmpint (request != NULL, ==, requests[i].well);
    if (!request)
      continue;
    g_assert_cmpint (request->status, ==, requests[i].status);
    g_assert_cmpint (request->unsupported, ==, requests[i].unsupported);
    g_assert_cmpint (request->has_selected, ==, requests[i].has_selected);
    g_assert_cmpint (request->delayed, ==, requests[i].delayed);
    g_assert_cmpuint (request->selected, ==, requests[i].selected);
    g_assert_cmpuint (request->groups->len, ==, requests[i].groups);
    g_assert_cmpuint (request->all_events, ==, requests[i].all_events);
  }
}

static void
test_items (void)
{
  static const char text[]
      = " SET (selected (MessageNew (UID BODY.PEEK[HEADER.FIELDS ({4}\r\nfrom)])"
        " MessageExpunge))";
  ImapParser parser = imap_parser (text, strlen (text));
  g_autoptr (ImapNotifyRequest) request = imap_notify_request_parse (&parser);

  g_assert_nonnull (request);
  for (guint i = 0; i < 2; i++) { /* as often as there is new mail */
    g_autoptr (ImapItems) items = imap_notify_request_items (request);
    g_assert_nonnull (items);
    g_assert_cmpuint (items->what, ==, IMAP_ITEM_UID);
    g_assert_cmpuint (items->sections->len, ==, 1);
  }
}

static void
test_filters (void)
{
  static const struct {
    const char *filter, *name;
    gboolean own, exists, subscribed, meant;
  } cases[] = {
    { "inboxes", "INBOX", TRUE, TRUE, FALSE, TRUE },
    { "inboxes", "Other Users/x", FALSE, TRUE, FALSE, FALSE },
    { "personal", "a", TRUE, TRUE, FALSE, TRUE },
    { "personal", "a", TRUE, FALSE, TRUE, FALSE },
    { "subscribed", "a", TRUE, FALSE, TRUE, TRUE },
    { "subscribed", "a", TRUE, TRUE, FALSE, FALSE },
    { "subtree a", "a", TRUE, TRUE, FALSE, TRUE },
    { "subtree a", "a/b/c", TRUE, FALSE, FALSE, TRUE },
    { "subtree a", "ab", TRUE, TRUE, FALSE, FALSE },
    { "subtree a/b", "a", TRUE, TRUE, FALSE, FALSE },
    { "subtree (x \"Other Users\")", "Other Users/y/z", FALSE, TRUE, FALSE, TRUE },
    { "mailboxes a", "a", TRUE, FALSE, FALSE, TRUE },
    { "mailboxes a", "a/b", TRUE, TRUE, FALSE, FALSE },
    { "mailboxes \"%\"", "a", TRUE, TRUE, FALSE, FALSE },
    { "mailboxes inbox", "INBOX", TRUE, TRUE, FALSE, TRUE },
    { "mailboxes &AMQ-", "Ä", TRUE, TRUE, FALSE, TRUE },
    { "mailboxes (\"&bad\" b)", "b", TRUE, TRUE, FALSE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf (" SET (%s (MailboxName))", cases[i].filter);
    ImapParser parser = imap_parser (text, strlen (text));
    g_autoptr (ImapNotifyRequest) request = imap_notify_request_parse (&parser);
    g_test_message ("%s: %s", cases[i].filter, cases[i].name);
    g_assert_nonnull (request);
    g_assert_cmpuint (imap_notify_request_events (request, cases[i].name, cases[i].own,
                                                  cases[i].exists, cases[i].subscribed),
                      ==, cases[i].meant ? IMAP_NOTIFY_MAILBOX_NAME : 0);
  }
}

static ImapNotifyRequest *
parse_many (const char *open, const char *each, guint count, const char *close)
{
  g_autoptr (GString) text = g_string_new (open);
  ImapParser parser;

  for (guint i = 0; i < count; i++)
    g_string_append (text, each);
  g_string_append (text, close);
  parser = imap_parser (text->str, text->len);
  return imap_notify_request_parse (&parser);
}

static void
test_bounds (void)
{
  static const struct {
    const char *open, *each;
    guint count;
    const char *close;
    gboolean well;
  } bounds[] = {
    { " SET", " (personal NONE)", IMAP_NOTIFY_GROUPS_MAX, "", TRUE },
    { " SET", " (personal NONE)", IMAP_NOTIFY_GROUPS_MAX + 1, "", FALSE },
    { " SET (mailboxes (a", " a", IMAP_NOTIFY_NAMES_MAX - 1, ") NONE)", TRUE },
    { " SET (mailboxes (a", " a", IMAP_NOTIFY_NAMES_MAX, ") NONE)", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++) {
    g_autoptr (ImapNotifyRequest) request
        = parse_many (bounds[i].open, bounds[i].each, bounds[i].count, bounds[i].close);
    g_assert_cmpint (request != NULL, ==, bounds[i].well);
  }
}

static void
test_names_of_events (void)
{
  g_autoptr (GString) out = g_string_new (NULL);

  imap_notify_print_events (out);
  g_assert_cmpstr (out->str, ==,
                   "MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange"
                   " MailboxMetadataChange ServerMetadataChange");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-notify-syntax/requests", test_requests);
  g_test_add_func ("/imap-notify-syntax/items", test_items);
  g_test_add_func ("/imap-notify-syntax/filters", test_filters);
  g_test_add_func ("/imap-notify-syntax/bounds", test_bounds);
  g_test_add_func ("/imap-notify-syntax/names-of-events", test_names_of_events);
  return g_test_run ();
}
