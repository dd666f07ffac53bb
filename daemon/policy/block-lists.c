/* Keeps the lists tested, and asks them. */
#include "policy/block-lists.h"
#include "log.h"
#include "policy/iprev.h"
#include "settings.h"
#include <string.h>

#define TICK_SECONDS 2 /* how soon a changed setting counts */
#define RETEST_SECONDS 3600
#define RETRY_SECONDS 60 /* when the DNS did not answer */
#define REASON_MAX 150 /* a reply line holds 512 bytes (RFC 5321 §4.5.3.1.5) */

typedef struct {
  char *zone;
  BlockListState state;
  gboolean ipv4, ipv6;
  gboolean testing;
  gint64 due; /* seconds of the monotonic clock: the next test */
} List;

struct _BlockLists {
  Dns *dns;
  GCancellable *cancellable; /* of the tests */
  guint timer;
  char *text; /* of the setting, that LISTS were made from; main thread */
  guint tests; /* under way; main thread */
  GMutex lock; /* for all below */
  GPtrArray *lists; /* List */
};

static void
list_free (gpointer data)
{
  List *list = data;

  g_free (list->zone);
  g_free (list);
}

void
block_listing_free (BlockListing *self)
{
  g_free (self->list);
  g_free (self->address);
  g_free (self->reason);
  g_free (self);
}

void
block_list_status_free (BlockListStatus *self)
{
  g_free (self->zone);
  g_free (self);
}

static gint64
seconds_now (void)
{
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* Locked. */
static List *
find_list (BlockLists *self, const char *zone)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (strcmp (((List *)self->lists->pdata[i])->zone, zone) == 0)
      return self->lists->pdata[i];
  return NULL;
}

/* What is told is told once, not at each test. */
static void
tell (const char *zone, BlockListState before, BlockListState state)
{
  const char *text = block_list_state_text (state);

  if (state == before)
    return;
  if (text)
    log_event (LOG_WARNING, "A block list is switched off", "list", zone, "error", text, NULL);
  else if (state == BLOCK_LIST_GOOD)
    log_event (LOG_NOTICE, "A block list is asked from now on", "list", zone, NULL);
}

static void
set_state (BlockLists *self, const char *zone, BlockListState state, gboolean ipv4, gboolean ipv6)
{
  BlockListState before = state;
  List *list;

  g_mutex_lock (&self->lock);
  list = find_list (self, zone);
  if (list) {
    before = list->state;
    if (state != BLOCK_LIST_UNTESTED) /* a DNS that is away says nothing about the list */
      list->state = state;
    list->ipv4 = ipv4;
    list->ipv6 = ipv6;
    list->testing = FALSE;
    list->due = seconds_now () + (state == BLOCK_LIST_UNTESTED ? RETRY_SECONDS : RETEST_SECONDS);
  }
  g_mutex_unlock (&self->lock);
  if (state != BLOCK_LIST_UNTESTED)
    tell (zone, before, state);
}

/* One self-test of one list. */
typedef struct {
  BlockLists *lists;
  char *zone;
  BlockListAnswer answers[BLOCK_LIST_TESTS];
  guint missing;
} Test;

typedef struct {
  Test *test;
  BlockListTest which;
} TestQuestion;

static void
did_test (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree TestQuestion *question = data;
  Test *test = question->test;
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);
  BlockListState state;
  gboolean ipv4, ipv6;

  test->answers[question->which] = block_list_judge (answer);
  if (--test->missing > 0)
    return;
  state = block_list_conclude (test->answers, &ipv4, &ipv6);
  if (!g_cancellable_is_cancelled (test->lists->cancellable))
    set_state (test->lists, test->zone, state, ipv4, ipv6);
  test->lists->tests--;
  g_free (test->zone);
  g_free (test);
}

static void
begin_test (BlockLists *self, const char *zone)
{
  Test *test = g_new0 (Test, 1);

  test->lists = self;
  test->zone = g_strdup (zone);
  test->missing = BLOCK_LIST_TESTS;
  self->tests++;
  for (guint i = 0; i < BLOCK_LIST_TESTS; i++) {
    g_autofree char *name = block_list_test_name (i, zone);
    TestQuestion *question = g_new (TestQuestion, 1);

    *question = (TestQuestion) { test, i };
    dns_look_up_async (self->dns, name, DNS_TYPE_A, self->cancellable, did_test, question);
  }
}

/* Lists that stay keep what is known of them. */
static void
read_setting (BlockLists *self)
{
  g_autofree char *text = setting_text (SETTING_SMTP_BLOCK_LISTS);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_auto (GStrv) zones = g_strsplit_set (lower, " \t", -1);
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (GMutexLocker) locker = NULL;

  if (g_strcmp0 (lower, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (lower);
  lists = g_ptr_array_new_with_free_func (list_free);
  locker = g_mutex_locker_new (&self->lock);
  for (guint i = 0; zones[i]; i++) {
    const List *old = *zones[i] ? find_list (self, zones[i]) : NULL;
    List *list = *zones[i] ? g_new0 (List, 1) : NULL;

    if (list == NULL)
      continue;
    if (old)
      *list = *old;
    list->zone = g_strdup (zones[i]);
    g_ptr_array_add (lists, list);
  }
  g_ptr_array_unref (self->lists);
  self->lists = g_steal_pointer (&lists);
}

static gboolean
tick (gpointer data)
{
  BlockLists *self = data;
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func (g_free);

  read_setting (self);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->lists->len; i++) {
    List *list = self->lists->pdata[i];

    if (list->testing || list->due > seconds_now ())
      continue;
    list->testing = TRUE;
    g_ptr_array_add (due, g_strdup (list->zone));
  }
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < due->len; i++)
    begin_test (self, due->pdata[i]);
  return G_SOURCE_CONTINUE;
}

BlockLists *
block_lists_new (Dns *dns)
{
  BlockLists *self = g_new0 (BlockLists, 1);

  self->dns = dns;
  self->cancellable = g_cancellable_new ();
  self->lists = g_ptr_array_new_with_free_func (list_free);
  g_mutex_init (&self->lock);
  self->timer = g_timeout_add_seconds (TICK_SECONDS, tick, self);
  tick (self);
  return self;
}

void
block_lists_free (BlockLists *self)
{
  g_source_remove (self->timer);
  g_cancellable_cancel (self->cancellable);
  while (self->tests > 0) /* their answers come at once now */
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->lists);
  g_mutex_clear (&self->lock);
  g_free (self->text);
  g_free (self);
}

static gboolean
is_good_for (const List *list, gboolean is_ipv4)
{
  return list->state == BLOCK_LIST_GOOD && (is_ipv4 ? list->ipv4 : list->ipv6);
}

gboolean
block_lists_are_there (BlockLists *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->lists->len; i++)
    if (is_good_for (self->lists->pdata[i], TRUE) || is_good_for (self->lists->pdata[i], FALSE))
      return TRUE;
  return FALSE;
}

GPtrArray *
block_lists_describe (BlockLists *self)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)block_list_status_free);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->lists->len; i++) {
    const List *list = self->lists->pdata[i];
    BlockListStatus *status = g_new (BlockListStatus, 1);

    *status = (BlockListStatus) { g_strdup (list->zone), list->state };
    g_ptr_array_add (all, status);
  }
  return all;
}

/* One peer, held against all lists. */
typedef struct {
  BlockLists *lists;
  GInetAddress *peer;
  GCancellable *cancellable; /* of the look-ups: the caller's, or the time's */
  GSource *timer;
  guint missing;
  gboolean over; /* it has been answered */
  BlockListing *found; /* its reason is being asked for */
} Asking;

typedef struct {
  GTask *task;
  char *zone;
} AskingQuestion;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_clear_pointer (&self->found, block_listing_free);
  g_object_unref (self->peer);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* Whatever else comes is not waited for. */
static void
end_asking (GTask *task)
{
  Asking *self = g_task_get_task_data (task);

  if (self->over)
    return;
  self->over = TRUE;
  if (self->timer) {
    g_source_destroy (self->timer);
    g_clear_pointer (&self->timer, g_source_unref);
  }
  g_cancellable_cancel (self->cancellable);
  g_task_return_pointer (task, g_steal_pointer (&self->found), (GDestroyNotify)block_listing_free);
}

static gboolean
did_wait_long (gpointer data)
{
  end_asking (data);
  return G_SOURCE_REMOVE;
}

/* It goes into a reply line: short, and nothing but printable ASCII. */
static char *
read_reason (const DnsAnswer *answer)
{
  const DnsRecord *record = answer && answer->records->len ? answer->records->pdata[0] : NULL;
  gsize length = 0;
  const char *text = record && record->data ? g_bytes_get_data (record->data, &length) : NULL;
  char *reason;

  if (length == 0)
    return NULL;
  reason = g_strndup (text, MIN (length, REASON_MAX));
  for (char *at = reason; *at; at++)
    if (!g_ascii_isprint (*at))
      *at = '?';
  return reason;
}

static void
did_ask_reason (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  if (self->found)
    self->found->reason = read_reason (answer);
  end_asking (task);
}

static void
did_find (GTask *task, const char *zone, const DnsAnswer *answer)
{
  Asking *self = g_task_get_task_data (task);
  const DnsRecord *record = answer->records->pdata[0];
  g_autofree char *name = block_list_name (self->peer, zone);

  self->found = g_new0 (BlockListing, 1);
  self->found->list = g_strdup (zone);
  self->found->address = g_inet_address_to_string (record->address);
  dns_look_up_async (self->lists->dns, name, DNS_TYPE_TXT, self->cancellable, did_ask_reason,
                     g_object_ref (task));
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  AskingQuestion *question = data;
  g_autoptr (GTask) task = question->task;
  g_autofree char *zone = question->zone;
  Asking *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);
  const BlockListAnswer judged = block_list_judge (answer);

  g_free (question);
  self->missing--;
  if (self->over || self->found)
    return;
  if (judged == BLOCK_LIST_LISTED)
    did_find (task, zone, answer);
  else if (judged == BLOCK_LIST_REFUSED || judged == BLOCK_LIST_ASTRAY)
    set_state (self->lists, zone,
               judged == BLOCK_LIST_REFUSED ? BLOCK_LIST_CLOSED : BLOCK_LIST_GONE, FALSE, FALSE);
  if (self->missing == 0 && self->found == NULL)
    end_asking (task);
}

static GPtrArray *
list_good (BlockLists *self, gboolean is_ipv4)
{
  GPtrArray *zones = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->lists->len; i++)
    if (is_good_for (self->lists->pdata[i], is_ipv4))
      g_ptr_array_add (zones, g_strdup (((List *)self->lists->pdata[i])->zone));
  return zones;
}

static void
did_cancel (GCancellable *cancellable, gpointer look_ups)
{
  g_cancellable_cancel (look_ups);
}

static void
begin_asking (GTask *task, const GPtrArray *zones)
{
  Asking *self = g_task_get_task_data (task);

  self->missing = zones->len;
  self->timer = g_timeout_source_new_seconds (BLOCK_LIST_SECONDS);
  g_source_set_callback (self->timer, did_wait_long, g_object_ref (task), g_object_unref);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  for (guint i = 0; i < zones->len; i++) {
    g_autofree char *name = block_list_name (self->peer, zones->pdata[i]);
    AskingQuestion *question = g_new (AskingQuestion, 1);

    *question = (AskingQuestion) { g_object_ref (task), g_strdup (zones->pdata[i]) };
    dns_look_up_async (self->lists->dns, name, DNS_TYPE_A, self->cancellable, did_ask, question);
  }
}

void
block_lists_ask_async (BlockLists *self, GInetAddress *peer, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GInetAddress) address = address_unmapped (peer);
  g_autoptr (GPtrArray) zones
      = list_good (self, g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4);
  Asking *asking = g_new0 (Asking, 1);

  asking->lists = self;
  asking->peer = g_object_ref (peer);
  asking->cancellable = g_cancellable_new ();
  g_task_set_source_tag (task, block_lists_ask_async);
  g_task_set_task_data (task, asking, asking_free);
  if (cancellable)
    g_cancellable_connect (cancellable, G_CALLBACK (did_cancel), g_object_ref (asking->cancellable),
                           g_object_unref);
  if (zones->len == 0)
    g_task_return_pointer (task, NULL, NULL);
  else
    begin_asking (task, zones);
}

BlockListing *
block_lists_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
