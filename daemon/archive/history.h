/* What became of each mail, line by line, for a year: kept in DATA/history.db beside the store,
 * which knows only the mail that is there. A thread of its own writes the lines within a second, so
 * no mail waits for them; a power cut may cost the last lines, never a mail. */
#pragma once
#include <gio/gio.h>

typedef enum {
  HISTORY_TAKEN, /* answered 250: once a mail */
  HISTORY_DELIVERED, /* into a mailbox of RECIPIENT */
  HISTORY_JUNKED, /* the same, into Junk */
  HISTORY_QUEUED, /* to be sent to RECIPIENT, who is elsewhere */
  HISTORY_SENT, /* HOST has taken it */
  HISTORY_DELAYED, /* HOST has not yet */
  HISTORY_FAILED, /* nobody tries any more */
  HISTORY_TOLD, /* RECIPIENT, its sender, got a report of that */
  HISTORY_REFUSED, /* not taken; RECIPIENT may be NULL: the whole mail */
  HISTORY_HELD, /* an administrator … */
  HISTORY_RELEASED,
  HISTORY_RETRIED,
  HISTORY_REMOVED,
  HISTORY_QUEUED_TLS, /* as HISTORY_QUEUED, with TLS all the way or not at all */
  HISTORY_BRAKED, /* held, as its sender's account seems to be hacked */
  HISTORY_SCHEDULED, /* waits until REPLY (RFC 3339), as its sender wished */
  HISTORY_KIND_COUNT,
} HistoryKind;

/* Texts are copied, and may be NULL where the kind has none. */
typedef struct {
  HistoryKind kind;
  gint64 message; /* the store's id; 0: it was not taken */
  guint64 size; /* bytes */
  const char *message_id; /* without <> */
  const char *sender; /* "" is the null path */
  const char *recipient;
  const char *user; /* who handed it in, signed on */
  const char *address; /* of the client that brought it */
  const char *host; /* the server of the other domain */
  const char *reply; /* what was answered */
} HistoryEvent;

/* Once in a process; until then, and after history_stop, history_note does nothing. */
gboolean history_start (const char *folder, GError **error);
void history_stop (void);
/* Any thread; never waits for the disk. */
void history_note (const HistoryEvent *event);
/* Waits until all that was noted so far can be read. */
void history_flush (void);

typedef struct {
  gint64 time; /* milliseconds, UTC */
  HistoryEvent event;
} HistoryLine;
typedef void (*HistoryLineFunc) (gint64 mail, const HistoryLine *line, gpointer data);

/* Calls FUNC for each line of the LIMIT newest mails that ABOUT (a Message-ID, or an address of a
 * sender or recipient; NULL: any) is of, the newest mail first, its lines in order. MAIL tells the
 * mails apart. Waits for the disk. */
gboolean history_read (const char *folder, const char *about, guint limit, HistoryLineFunc func,
                       gpointer data, GError **error);
/* "delivered": as the API says it. */
const char *history_kind_name (HistoryKind kind);
