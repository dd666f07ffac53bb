/* The rights of RFC 4314: what somebody may do with a mailbox. */
#pragma once
#include "store/mailbox.h"

typedef enum {
  RIGHT_LOOKUP = 1 << 0, /* l: LIST shows it */
  RIGHT_READ = 1 << 1, /* r: SELECT, STATUS */
  RIGHT_SEEN = 1 << 2, /* s: \Seen */
  RIGHT_WRITE = 1 << 3, /* w: other flags */
  RIGHT_INSERT = 1 << 4, /* i: APPEND, COPY into it */
  RIGHT_POST = 1 << 5, /* p: send mail to it */
  RIGHT_CREATE = 1 << 6, /* k: mailboxes below it */
  RIGHT_DELETE = 1 << 7, /* x: the mailbox itself */
  RIGHT_MARK = 1 << 8, /* t: \Deleted */
  RIGHT_EXPUNGE = 1 << 9, /* e */
  RIGHT_ADMINISTER = 1 << 10, /* a: the rights of others */
} Right;
#define RIGHTS_ALL ((1u << 11) - 1)

/* The flags (mailbox.h) that RIGHTS let one change. */
guint64 rights_flags (guint rights);
/* "lrswipkxtea", and the old letters 'c' and 'd' where one of what they stand for is there (RFC
 * 4314 §2.1.1); free with g_free. */
char *rights_print (guint rights);
/* Letters in any order; of the old ones 'c' means k and 'd' means xte. FALSE: a letter that is no
 * right. */
gboolean rights_parse (const char *text, guint *rights);
