/* A SEARCH program (RFC 9051 §6.4.4, FUZZY: RFC 6203): reading it into a tree. imap-match.h runs it. */
#pragma once
#include "imap/imap-sequence.h"
#include "mail/fuzzy.h"

#define IMAP_SEARCH_DEPTH_MAX 50
#define IMAP_SEARCH_KEYS_MAX 1000

typedef enum {
  IMAP_KEY_AND, /* of all children */
  IMAP_KEY_OR,
  IMAP_KEY_NOT,
  IMAP_KEY_FUZZY, /* of its child; only its HEADER, BODY and TEXT differ */
  IMAP_KEY_ALL,
  IMAP_KEY_FLAG, /* (flags & mask) == wanted */
  IMAP_KEY_KEYWORD, /* text; wanted 0: UNKEYWORD */
  IMAP_KEY_RECENT, /* wanted 0: OLD */
  IMAP_KEY_NEW,
  IMAP_KEY_NUMBERS, /* set of sequence numbers */
  IMAP_KEY_UIDS,
  IMAP_KEY_BEFORE, /* INTERNALDATE's day, as it was in its zone */
  IMAP_KEY_ON,
  IMAP_KEY_SINCE,
  IMAP_KEY_SENT_BEFORE, /* Date's day */
  IMAP_KEY_SENT_ON,
  IMAP_KEY_SENT_SINCE,
  IMAP_KEY_LARGER,
  IMAP_KEY_SMALLER,
  IMAP_KEY_OLDER, /* INTERNALDATE: at most DAY, which is a second here */
  IMAP_KEY_YOUNGER,
  IMAP_KEY_MODSEQ, /* at least SIZE */
  IMAP_KEY_RESULT, /* "$", until it is bound */
  IMAP_KEY_SAVED_BEFORE, /* the day it came into this mailbox */
  IMAP_KEY_SAVED_ON,
  IMAP_KEY_SAVED_SINCE,
  IMAP_KEY_EMAIL, /* text is an ObjectID; messages are bound from it */
  IMAP_KEY_THREAD,
  IMAP_KEY_HEADER, /* field, text ("": the field is there) */
  IMAP_KEY_BODY,
  IMAP_KEY_TEXT,
} ImapKeyKind;

typedef struct _ImapKey ImapKey;
struct _ImapKey {
  ImapKeyKind kind;
  GPtrArray *children; /* ImapKey, of AND OR NOT */
  guint64 mask, wanted; /* FLAG; wanted also KEYWORD, RECENT */
  gint64 day; /* seconds at midnight */
  guint64 size;
  GArray *set; /* UidRange, resolved once the program is bound */
  GHashTable *messages; /* gint64, of EMAIL and THREAD; NULL: not bound yet */
  char *field, *text; /* text of HEADER BODY TEXT as i;unicode-casemap compares it */
  char *folded; /* ... and as the search index knows it */
  FuzzyQuery *fuzzy; /* HEADER BODY TEXT within FUZZY, unless there is no word in them */
  guint word; /* HEADER BODY TEXT: imap_search_words */
};

typedef enum {
  IMAP_SEARCH_MALFORMED,
  IMAP_SEARCH_BAD_CHARSET,
  IMAP_SEARCH_BAD_NUMBER, /* a sequence number that is not there */
} ImapSearchError;

void imap_key_free (ImapKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapKey, imap_key_free)

/* ["CHARSET" SP astring SP] key *(SP key), to the end of the command. NULL with *ERROR. */
ImapKey *imap_search_parse (ImapParser *parser, ImapSearchError *error);
/* The same for SORT and THREAD (RFC 5256 §5): charset SP key *(SP key). */
ImapKey *imap_search_parse_charset (ImapParser *parser, ImapSearchError *error);
/* Resolves the sets against what the session has announced, and "$" to the UIDs SAVED (UidRange, or
 * NULL). FALSE: a number is not there. */
gboolean imap_search_bind (ImapKey *key, const ImapSequence *sequence, GArray *saved);
gboolean imap_key_contains (const ImapKey *key, ImapKeyKind kind);
/* Adds what the index knows the texts of HEADER, BODY and TEXT by to WORDS (they stay the program's) and numbers
 * them. */
void imap_search_words (ImapKey *key, GPtrArray *words);
/* Keys that need the header or the whole message. */
gboolean imap_key_is_costly (const ImapKey *key);
/* ... other than for a field that is kept apart from it (mail/sort-keys.h). */
gboolean imap_key_opens_messages (const ImapKey *key);
