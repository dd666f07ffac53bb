/* Mailboxes and their entries, for use inside store jobs. UIDs are never reused; every change of an
 * entry takes the mailbox's next MODSEQ (RFC 7162). Names are UTF-8, '/' is the hierarchy
 * delimiter, INBOX is upper case. */
#pragma once
#include "store/message.h"

/* System flags (RFC 9051 §2.3.2); bits from FLAG_KEYWORD_FIRST up are the mailbox's keywords. */
#define FLAG_ANSWERED (G_GUINT64_CONSTANT (1) << 0)
#define FLAG_FLAGGED (G_GUINT64_CONSTANT (1) << 1)
#define FLAG_DELETED (G_GUINT64_CONSTANT (1) << 2)
#define FLAG_SEEN (G_GUINT64_CONSTANT (1) << 3)
#define FLAG_DRAFT (G_GUINT64_CONSTANT (1) << 4)
#define FLAG_KEYWORD_FIRST 8 /* the bit of keyword 0 */
#define KEYWORDS_MAX 55 /* bits 8 … 62: SQLite's integers are signed */

typedef struct {
  gint64 id;
  gint64 account;
  char *name;
  char *special_use; /* "\\Sent" …, or NULL */
  gboolean subscribed;
  guint32 uid_validity;
  guint32 uid_next;
  guint64 modseq; /* HIGHESTMODSEQ */
  guint64 modseq_floor; /* tombstones up to here are gone */
  guint32 messages; /* live entries */
  guint32 unseen;
  guint64 size; /* bytes of the live entries */
  guint32 marked; /* live entries with \Deleted */
  guint64 marked_size; /* their bytes */
  guint32 recent_from; /* UIDs from here on have been seen by no read-write session (\Recent) */
  GPtrArray *keywords; /* char *: keyword of bit FLAG_KEYWORD_FIRST + index */
} Mailbox;
void mailbox_free (Mailbox *mailbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mailbox, mailbox_free)

/* Reading: DATABASE is a snapshot's or a transaction's. NULL with STORE_ERROR_NOT_FOUND. */
Mailbox *mailbox_load (Database *database, gint64 id, GError **error);
Mailbox *mailbox_find (Database *database, gint64 account, const char *name, GError **error);
/* The mailbox with SPECIAL_USE of the account that MAILBOX belongs to, or MAILBOX when there is none. 0
 * with ERROR. */
gint64 mailbox_find_use (Database *database, gint64 mailbox, const char *special_use,
                         GError **error);
/* All of an account, sorted by name (bytes), INBOX first: GPtrArray of Mailbox. Also subscribed
 * names that no longer exist, as Mailbox with id 0. */
GPtrArray *mailbox_list (Database *database, gint64 account, GError **error);

/* What changes in a mailbox with its messages. */
typedef struct {
  gint64 id;
  guint32 uid_validity, uid_next, messages, unseen;
  guint64 modseq;
} MailboxNumbers;
MailboxNumbers mailbox_numbers (const Mailbox *mailbox);
gboolean mailbox_read_numbers (Database *database, gint64 id, MailboxNumbers *numbers,
                               GError **error);
/* Of all of an account, in no order: one narrow query. */
gboolean mailbox_each_numbers (Database *database, gint64 account,
                               void (*func) (const MailboxNumbers *numbers, gpointer data),
                               gpointer data, GError **error);

/* Directory changes. Creating "a/b" creates "a" too. Renaming takes the children along; renaming
 * INBOX moves its mail (RFC 9051 §6.3.6). Deleting a mailbox with children is refused
 * (STORE_ERROR_INVALID); INBOX too. A deleted name that comes back gets a greater UIDVALIDITY. */
gint64 mailbox_create (StoreTransaction *transaction, gint64 account, const char *name,
                       const char *special_use, GError **error);
/* SPECIAL_USE is one of "\\Archive" … (RFC 6154), or NULL: none. A use belongs to one mailbox of an
 * account, and INBOX has none: STORE_ERROR_USE. */
gboolean mailbox_set_use (StoreTransaction *transaction, gint64 mailbox, const char *special_use,
                          GError **error);
gboolean mailbox_rename (StoreTransaction *transaction, gint64 account, const char *from,
                         const char *to, GError **error);
gboolean mailbox_delete (StoreTransaction *transaction, gint64 account, const char *name,
                         GError **error);
/* All of an account, INBOX too, and its subscriptions: for the removal of a user. Their mail is
 * compaction's, after the retention. */
gboolean mailbox_delete_all (StoreTransaction *transaction, gint64 account, GError **error);
/* "inbox/a" → "INBOX/a"; free with g_free. All functions that take a name do it themselves. */
char *mailbox_canonical_name (const char *name);
gboolean mailbox_subscribe (StoreTransaction *transaction, gint64 account, const char *name,
                            gboolean subscribed, GError **error);

/* Adds an entry for MESSAGE (message_append). FLAGS may hold keyword bits obtained by
 * mailbox_keyword_bit. DATE is the INTERNALDATE: seconds UTC, with the sender's zone in minutes for
 * showing it again. */
gboolean mailbox_add (StoreTransaction *transaction, gint64 mailbox, gint64 message, guint64 flags,
                      gint64 date, gint16 zone, guint32 *uid, GError **error);
/* The flag bit of KEYWORD (compared without case), made new if need be; 0 with ERROR when all are
 * used. */
guint64 mailbox_keyword_bit (StoreTransaction *transaction, gint64 mailbox, const char *keyword,
                             GError **error);

/* One entry, narrow. */
typedef struct {
  guint32 uid;
  guint64 flags;
  guint64 modseq;
  gint64 message;
  gint64 date;
  gint16 zone;
  guint64 size; /* RFC822.SIZE */
  gint64 save_date;
  gboolean expunged; /* a tombstone: its bytes can still be read until compaction */
} Entry;

/* Called for entries in ascending UID (of FIRST … LAST, tombstones only when WITH_EXPUNGED); FALSE
 * stops. */
typedef gboolean (*EntryFunc) (const Entry *entry, gpointer data);
gboolean mailbox_each (Database *database, gint64 mailbox, guint32 first, guint32 last,
                       gboolean with_expunged, EntryFunc func, gpointer data, GError **error);
/* Every entry changed after MODSEQ, by ascending MODSEQ, tombstones included. Cost: the number of
 * changes. */
gboolean mailbox_changes (Database *database, gint64 mailbox, guint64 modseq, EntryFunc func,
                          gpointer data, GError **error);
/* Only the live UIDs, ascending, as ranges: GArray of UidRange. The cheapest way to SELECT. */
typedef struct {
  guint32 first, last;
} UidRange;
GArray *mailbox_uids (Database *database, gint64 mailbox, GError **error);

/* Flags: add, remove or replace; UNCHANGED_SINCE of G_MAXUINT64 means always (RFC 7162 §3.1.3). All
 * entries of one call share one new MODSEQ. RANGES: UIDs; work stops at the end of a slice in a
 * bulk job: *NEXT is the first UID not done (0: all done). Entries already as wanted keep their
 * MODSEQ. MODIFIED (may be NULL): GArray of guint32, UIDs that failed UNCHANGED_SINCE. */
typedef enum { FLAGS_ADD, FLAGS_REMOVE, FLAGS_REPLACE } FlagsChange;
gboolean mailbox_store (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges,
                        guint count, FlagsChange change, guint64 flags, guint64 unchanged_since,
                        guint32 *next, GArray *modified, GError **error);
/* The same for the flags of MASK alone: REPLACE leaves the others as they are. */
gboolean mailbox_store_masked (StoreTransaction *transaction, gint64 mailbox,
                               const UidRange *ranges, guint count, FlagsChange change,
                               guint64 flags, guint64 mask, guint64 unchanged_since, guint32 *next,
                               GArray *modified, GError **error);
/* Expunges those of RANGES that carry every bit of REQUIRED (0: all). *NEXT as above. */
gboolean mailbox_expunge (StoreTransaction *transaction, gint64 mailbox, const UidRange *ranges,
                          guint count, guint64 required, guint32 *next, GError **error);
/* Copies live entries to another mailbox (flags and keywords go along, INTERNALDATE is kept); MOVE
 * also expunges them. SOURCE_UIDS and TARGET_UIDS: GArray of guint32 in matching order, for
 * COPYUID. */
gboolean mailbox_copy (StoreTransaction *transaction, gint64 from, const UidRange *ranges,
                       guint count, gint64 to, gboolean move, guint32 *next, GArray *source_uids,
                       GArray *target_uids, GError **error);
/* A read-write session has seen all: \Recent starts anew at uid_next. Returns the old recent_from.
 */
gboolean mailbox_claim_recent (StoreTransaction *transaction, gint64 mailbox, guint32 *recent_from,
                               GError **error);
