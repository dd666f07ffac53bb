/* Keeps the lists tested. */
#include "policy/block-lists.h"
#include "log.h"
#include "settings.h"
#include <string.h>

#define TICK_SECONDS 2 /* how soon a changed setting counts */
#define RETEST_SECONDS 3600
#define RETRY_SECONDS 60 /* when the DNS did not answer */

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

GPtrArray *
block_lists_good (BlockLists *self, gboolean is_ipv4)
{
  GPtrArray *zones = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->lists->len; i++)
    if (is_good_for (self->lists->pdata[i], is_ipv4))
      g_ptr_array_add (zones, g_strdup (((List *)self->lists->pdata[i])->zone));
  return zones;
}

void
block_lists_switch_off (BlockLists *self, const char *zone, BlockListState state)
{
  set_state (self, zone, state, FALSE, FALSE);
}

Dns *
block_lists_dns (BlockLists *self)
{
  return self->dns;
}
