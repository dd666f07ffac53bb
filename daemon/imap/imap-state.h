/* A session from inside: what commands see and call. Everything here lives on the channel's I/O
 * thread; jobs get data of their own and never the session. */
#pragma once
#include "accounts/sign-on.h"
#include "imap/imap-input.h"
#include "imap/imap-sequence.h"
#include "imap/imap-session.h"
#include "accounts/place.h"
#include "imap/imap-parser.h"
#include "store/watch.h"

typedef struct _ImapSession ImapSession;
typedef struct _ImapAppend ImapAppend; /* cmd-append.c */
typedef struct _ImapNotify ImapNotify; /* imap-notify.h */

typedef enum {
  IMAP_NOT_AUTHENTICATED = 1 << 0,
  IMAP_AUTHENTICATED = 1 << 1,
  IMAP_SELECTED = 1 << 2,
} ImapState;

typedef enum {
  IMAP_NO_EXPUNGE = 1 << 0, /* none may be announced at its end (RFC 9051 §7.5.1) … */
  IMAP_UID_FORM = 1 << 1, /* … unless it came with UID before its name, which it may */
  IMAP_NEWS = 1 << 2, /* always looks for news at its end */
  IMAP_BARE = 1 << 3, /* takes no arguments */
  IMAP_EXPUNGES = 1 << 4, /* its answer is which messages are gone, whatever NOTIFY says */
} ImapCommandFlags;

typedef struct {
  const char *name;
  guint states; /* ImapState bits in which it may come */
  guint flags; /* ImapCommandFlags bits */
  void (*run) (ImapSession *self, ImapParser *arguments); /* at the SP before them, if any */
  const char *usage; /* what a malformed one is told */
} ImapCommand;

/* NULL: unknown. */
const ImapCommand *imap_command_find (const char *name);

/* What the client has switched on, for the rest of its session (cmd-enable.c). */
typedef enum {
  IMAP_ENABLED_CONDSTORE = 1 << 0, /* MODSEQ may be sent (RFC 7162 §3.1) */
  IMAP_ENABLED_QRESYNC = 1 << 1, /* VANISHED instead of EXPUNGE (RFC 7162 §3.2) */
  IMAP_ENABLED_REV2 = 1 << 2, /* IMAP4rev2 (RFC 9051) */
  IMAP_ENABLED_UTF8 = 1 << 3, /* UTF8=ACCEPT (RFC 9755) */
  IMAP_ENABLED_UIDONLY = 1 << 4, /* no sequence numbers (RFC 9586) */
} ImapEnabled;

/* The selected mailbox. */
typedef struct {
  gint64 mailbox;
  guint32 uid_validity;
  gboolean read_only;
  guint rights; /* as they were when the news were last read */
  ImapSequence *sequence;
  guint64 modseq; /* new messages are announced up to here, */
  guint64 flags_modseq; /* flags up to here: behind it while NOTIFY does not want them, */
  guint64 expunge_modseq; /* expunges up to here: behind MODSEQ while they may not be told */
  guint32 recent_from; /* UIDs from here on are \Recent in this session */
  guint keywords; /* how many the client has heard of */
  Watch *watch;
  gboolean stirred; /* it has fired since the news were last read */
} ImapSelected;
void imap_selected_free (ImapSelected *selected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapSelected, imap_selected_free)

typedef enum { IMAP_OK, IMAP_NO, IMAP_BAD } ImapResult;

/* The command that runs. */
typedef struct {
  char *tag;
  const ImapCommand *info;
  gboolean by_uid;
  GArray *own_modseqs; /* guint64: its own changes, which are no news, or NULL; */
  GArray *own_foreign; /* UidRange: but these others had changed before, or NULL */
  GArray *own_uids; /* UidRange: what it added to the selected mailbox, or NULL (NOTIFY) */
  gboolean accumulated; /* tells all that has gathered, whatever NOTIFY says */
  gboolean counted; /* it uses sequence numbers although it came with UID: no expunge is told */
  gboolean removed; /* expunges were told, or wait: the answer says how far the client is */
  char *supplied; /* a mailbox name as the client wrote it, where the server has it otherwise */
  ImapResult result;
  char *text;
} ImapRunning;

typedef gsize (*ImapExpect) (ImapSession *self, const guint8 *bytes, gsize length);
typedef void (*ImapContinuation) (ImapSession *self, gpointer data);

struct _ImapSession {
  guint references;
  gboolean open;
  gboolean paused; /* input waits */
  gboolean idling;
  const ImapService *service;
  Channel *channel;
  ImapState state;
  guint enabled; /* ImapEnabled bits */
  ImapExpect expect;
  ImapInput *input; /* NULL between commands */
  ImapRunning running;
  ImapSelected *selected;
  guint64 number; /* of this session in this run, from 1 */
  ImapNotify *notify; /* NULL: NOTIFY was not used */
  GArray *saved; /* UidRange: "$", the UIDs that a SEARCH has saved, or NULL: none */
  gint64 account;
  char *user; /* normalized address, or NULL */
  char **hidden; /* capabilities that this user's mail program must not see, or NULL */
  guint errors; /* BAD answers in a row */
  guint refused_logins;
  guint quiet; /* seconds since the client was last heard in IDLE */
  guint still_here; /* seconds between signs of life in IDLE */
  ImapContinuation drained; /* waits for the output queue to empty */
  gpointer drained_data;
  ImapAppend *append; /* while a message comes in */
  SignOn *sign_on; /* while an exchange runs */
};

ImapSession *imap_session_ref (ImapSession *self);
void imap_session_unref (ImapSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapSession, imap_session_unref)

/* Ends the running command: tells the news, answers with its tag, takes input again. */
void imap_session_finish (ImapSession *self, ImapResult result, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* The same without news: nothing may come after it but its answer. */
void imap_session_finish_at_once (ImapSession *self, ImapResult result, const char *text);
/* NO with the response code that fits ERROR; what the client need not know goes to the log. */
void imap_session_fail (ImapSession *self, const GError *error);
/* BAD with the command's usage. */
void imap_session_refuse (ImapSession *self);
/* Says BYE and closes. */
void imap_session_bye (ImapSession *self, const char *text);
/* In a callback: TRUE to go on. FALSE when the client has gone, or the job failed (NO is said). */
gboolean imap_session_goes_on (ImapSession *self, gboolean done, const GError *error);

/* Runs NEXT once the client has read most of what waits; at once when that is little. After the
 * connection has ended NEXT still runs, to free DATA: look at self->open. */
void imap_session_when_drained (ImapSession *self, ImapContinuation next, gpointer data);
/* Hands the next input to EXPECT; NULL: commands. */
void imap_session_expect (ImapSession *self, ImapExpect expect);
void imap_session_pause (ImapSession *self);
void imap_session_resume (ImapSession *self);
void imap_session_set_idle_timeout (ImapSession *self);
/* Gives a stranger the time for a login. */
void imap_session_await_login (ImapSession *self);
void imap_session_deselect (ImapSession *self);
/* The running command took a mailbox from BEFORE to AFTER, by itself alone (NOTIFY). */
void imap_session_did_change (ImapSession *self, const MailboxNumbers *before,
                              const MailboxNumbers *after);
/* The same, and it added UIDS (GArray of guint32). AFTER of id 0: others changed it too. */
void imap_session_did_add (ImapSession *self, const GArray *uids, const MailboxNumbers *before,
                           const MailboxNumbers *after);
/* Sets "$" (RFC 5182); UIDS are given away, NULL: none. */
void imap_session_save (ImapSession *self, GArray *uids);
gboolean imap_session_may_announce_expunge (const ImapSession *self);

/* Switches BITS of ImapEnabled on: ENABLE, and the commands that imply it (cmd-enable.c). */
void imap_session_enable (ImapSession *self, guint bits);
/* Mailbox names are sent and taken as UTF-8, not as modified UTF-7 (RFC 9051 §5.1, RFC 9755), and
 * headers may be in UTF-8. */
gboolean imap_session_names_are_utf8 (const ImapSession *self);

/* Reads as this client writes. */
ImapParser imap_session_parser (const ImapSession *self, const guint8 *bytes, gsize length);

/* imap-commands.c: runs a whole command; the input is paused. */
void imap_session_run (ImapSession *self, const guint8 *bytes, gsize length);
/* "IMAP4rev1 …": what holds at this moment (cmd-capability.c). */
void imap_capabilities_print (ImapSession *self, GString *out);
/* The administrator keeps a capability from this user's mail program. */
gboolean imap_session_hides (const ImapSession *self, const char *capability);
/* UNAUTHENTICATE is not switched off (RFC 8437 §8). */
gboolean imap_session_may_unauthenticate (const ImapSession *self);
/* Passwords may come over this connection (SETTING_PLAINTEXT_PASSWORDS). */
gboolean imap_session_may_log_in (const ImapSession *self);
