/* Threads of messages that are written down as one line each: "date|subject|id|references". The
 * date is a second, or "-": none. */
#pragma once
#include "imap/imap-thread.h"
#include <string.h>

static inline GBytes *
thread_keys (const char *line, SortKeys *keys)
{
  g_auto (GStrv) parts = g_strsplit (line, "|", 4);
  const char *day = g_str_equal (parts[0], "-") ? "never" : "Thu, 1 Jan 1970";
  g_autofree char *header = g_strdup_printf ("Date: %s 00:00:%s +0000\r\nSubject: %s\r\n"
                                             "Message-ID: %s\r\nReferences: %s\r\n\r\n",
                                             day, parts[0], parts[1], parts[2], parts[3]);
  GBytes *made = sort_keys_new ((const guint8 *)header, strlen (header));
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made, &length);

  g_assert_true (sort_keys_read (bytes, length, keys));
  return made;
}

/* LINES: joined by newlines; numbers begin with 1. */
static inline char *
thread_lines (const char *lines, ImapThreadAlgorithm algorithm)
{
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
  guint count = *lines ? g_strv_length (split) : 0;
  g_autoptr (ImapThreads) threads = imap_threads_new (count);

  for (guint i = 0; i < count; i++) {
    ImapFound found = { .number = i + 1, .date = 30 };
    SortKeys keys;
    g_autoptr (GBytes) made = thread_keys (split[i], &keys);
    imap_threads_add (threads, i, &found, i + 1, &keys);
  }
  return g_string_free (imap_threads_run (threads, algorithm), FALSE);
}
