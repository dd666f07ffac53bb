/* What an extended SEARCH returns (RFC 4731, 5182, 6203, 9394, 9051 §6.4.4): its options, and the ESEARCH
 * response. Pure. */
#pragma once
#include "imap/imap-set.h"

typedef enum {
  IMAP_RETURN_MIN = 1 << 0,
  IMAP_RETURN_MAX = 1 << 1,
  IMAP_RETURN_ALL = 1 << 2,
  IMAP_RETURN_COUNT = 1 << 3,
  IMAP_RETURN_SAVE = 1 << 4, /* into "$" */
  IMAP_RETURN_PARTIAL = 1 << 5,
  IMAP_RETURN_RELEVANCY = 1 << 6, /* RFC 6203 §4 */
} ImapReturnOption;

/* Places among results: 1 is the first, -1 the last. */
typedef struct {
  gint64 first, last;
} ImapPartial;

typedef struct {
  guint options; /* ImapReturnOption bits */
  ImapPartial partial;
} ImapReturn;

/* What was found so far, ascending. */
typedef struct {
  GArray *numbers; /* UidRange: sequence numbers or UIDs, as the command speaks */
  GArray *uids; /* UidRange */
  GByteArray *scores; /* of each */
  guint64 first_modseq, last_modseq, highest_modseq;
} ImapResults;

/* "1:500" or "-1:-100". */
gboolean imap_partial_parse (ImapParser *parser, ImapPartial *partial);
/* What lies at these places of a resolved set: a new one. */
GArray *imap_partial_cut (const ImapPartial *partial, const GArray *resolved);

/* "(" options ")"; "()" is ALL. FALSE: malformed. */
gboolean imap_return_parse (ImapParser *parser, ImapReturn *wanted);
void imap_results_init (ImapResults *results);
void imap_results_clear (ImapResults *results);
void imap_results_add (ImapResults *results, guint32 number, guint32 uid, guint64 modseq,
                       guint score);
/* "* ESEARCH …" with its line end; nothing when only SAVE was asked for. */
void imap_return_print (const ImapReturn *wanted, const ImapResults *results, const char *tag,
                        gboolean by_uid, gboolean with_modseq, GString *out);
/* " RELEVANCY (…)". */
void imap_scores_print (const guint8 *scores, gsize count, GString *out);
/* The UIDs that SAVE keeps (RFC 5182 §2.4, RFC 9394 §3.2): GArray of UidRange. */
GArray *imap_return_saved (const ImapReturn *wanted, const ImapResults *results);
