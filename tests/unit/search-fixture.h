/* A search index that is filled by hand. */
#pragma once
#include "tests/unit/store-fixture.h"
#include "store/search-hits.h"
#include "store/search-index.h"
#include <string.h>

#define MAILBOX 7

static inline SearchIndex *
index_open (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SearchIndex *index = search_index_open (fixture->store, fixture->account, &error);

  g_assert_no_error (error);
  return index;
}

/* TEXT NULL: it cannot be known what the message holds. */
static inline void
index_add (SearchIndex *index, gint64 message, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Grams) grams = grams_new ();

  if (text)
    grams_add (grams, text, strlen (text));
  search_index_begin (index, &error);
  search_index_add (index, message, text ? grams : NULL, &error);
  search_index_set_uid (index, MAILBOX, (guint32)message, &error);
  search_index_commit (index, &error);
  g_assert_no_error (error);
}

/* The messages that may hold WORD, "1 2 3"; NULL: there is no index. */
static inline char *
index_ask (Fixture *fixture, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SearchHits) hits
      = search_hits_new (fixture->store, fixture->account, MAILBOX, &word, 1, G_MAXUINT, &error);
  g_autoptr (GArray) messages = hits ? search_hits_messages (hits, 0, G_MAXUINT) : NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  if (!hits) {
    g_string_free (text, TRUE);
    return NULL;
  }
  for (guint i = 0; i < messages->len; i++) {
    gint64 message = g_array_index (messages, gint64, i);
    g_assert_true (search_hits_may_hold (hits, message, 0));
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "", message);
  }
  return g_string_free (text, FALSE);
}

#define assert_hits(fixture, word, expected)                                                       \
  do {                                                                                             \
    g_autofree char *answer = index_ask (fixture, word);                                           \
    g_assert_cmpstr (answer, ==, expected);                                                        \
  } while (0)
