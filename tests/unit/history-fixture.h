/* A trace in a folder of its own, and what can be read of it as text. */
#pragma once
#include "archive/history-parts.h"
#include "metrics.h"
#include "settings.h"
#include <glib/gstdio.h>

typedef struct {
  char *folder;
} HistoryFixture;

static inline void
history_set_up (HistoryFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (setting_set (SETTING_TRACE_TIME, "365d", NULL));
  g_assert_true (setting_set (SETTING_TRACE_SIZE, "1G", NULL));
  self->folder = g_dir_make_tmp ("hauspost-history-XXXXXX", &error);
  g_assert_no_error (error);
  history_start (self->folder, &error);
  g_assert_no_error (error);
}

static inline void
history_tear_down (HistoryFixture *self, gconstpointer data)
{
  static const char *const files[] = { "history.db", "history.db-wal", "history.db-shm" };

  history_stop ();
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (self->folder, files[i], NULL);
    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

/* "kind>recipient", blanks between lines, a bar between mails. */
typedef struct {
  GString *text;
  gint64 last;
} HistoryText;

static inline void
history_append (gint64 mail, const HistoryLine *line, gpointer data)
{
  HistoryText *self = data;

  if (self->text->len > 0)
    g_string_append (self->text, self->last == mail ? " " : "|");
  g_string_append (self->text, history_kind_name (line->event.kind));
  if (line->event.recipient)
    g_string_append_printf (self->text, ">%s", line->event.recipient);
  self->last = mail;
}

static inline void
history_expect (HistoryFixture *self, const char *about, guint limit, const char *expected)
{
  HistoryText text = { g_string_new (NULL), 0 };
  g_autoptr (GError) error = NULL;

  history_flush ();
  history_read (self->folder, about, limit, history_append, &text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text.text->str, ==, expected);
  g_string_free (text.text, TRUE);
}

static inline void
history_say (HistoryKind kind, gint64 message, const char *sender, const char *recipient)
{
  const HistoryEvent event
      = { .kind = kind, .message = message, .sender = sender, .recipient = recipient };

  history_note (&event);
}
