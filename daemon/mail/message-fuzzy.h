/* How well a message matches SEARCH's FUZZY key (RFC 6203 §4). */
#pragma once
#include "mail/fuzzy.h"

typedef enum {
  FUZZY_IN_FIELD, /* of the header section that is given */
  FUZZY_IN_BODY,
  FUZZY_IN_TEXT, /* header and body; words in the subject are worth most */
} FuzzyPlace;

#define FUZZY_FIELD_WEIGHT 100

/* 1 to 100; 0: it does not. FIELD is for FUZZY_IN_FIELD. */
guint message_fuzzy_score (const guint8 *message, gsize length, FuzzyPlace place, const char *field,
                           const FuzzyQuery *query);
