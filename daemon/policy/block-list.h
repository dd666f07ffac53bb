/* What the answers of one DNS block list mean (RFC 5782), and whether it can be believed. */
#pragma once
#include "net/dns.h"

typedef enum {
  BLOCK_LIST_NOT_LISTED,
  BLOCK_LIST_LISTED, /* 127.0.0.2 to 127.255.254.255 */
  BLOCK_LIST_REFUSED, /* it does not answer us: 127.0.0.1, 127.255.255.x */
  BLOCK_LIST_ASTRAY, /* an address outside of 127.0.0.0/8: somebody else answers for it */
  BLOCK_LIST_SILENT, /* no answer */
} BlockListAnswer;

/* The worst of the answer's records. */
BlockListAnswer block_list_judge (const DnsAnswer *answer);

/* The self-test (RFC 5782 §5): of each pair the first is listed and the second is not. */
typedef enum {
  BLOCK_LIST_TEST_IPV4_LISTED, /* 127.0.0.2 */
  BLOCK_LIST_TEST_IPV4_FREE, /* 127.0.0.1 */
  BLOCK_LIST_TEST_IPV6_LISTED, /* ::FFFF:7F00:2 */
  BLOCK_LIST_TEST_IPV6_FREE, /* ::FFFF:7F00:1 */
  BLOCK_LIST_TESTS
} BlockListTest;

typedef enum {
  BLOCK_LIST_UNTESTED, /* or the DNS did not answer: it is not asked, and tested again soon */
  BLOCK_LIST_GOOD,
  BLOCK_LIST_EMPTY, /* it does not even list what each list has */
  BLOCK_LIST_FULL, /* it lists what no list has: everything */
  BLOCK_LIST_CLOSED, /* it does not answer this server */
  BLOCK_LIST_GONE, /* its domain belongs to somebody else by now */
} BlockListState;

/* The name that a test asks for; free with g_free. */
char *block_list_test_name (BlockListTest test, const char *zone);
/* What the answers to all tests say. *IPV4, *IPV6: whether it has lists for those. */
BlockListState block_list_conclude (const BlockListAnswer answers[BLOCK_LIST_TESTS], gboolean *ipv4,
                                    gboolean *ipv6);
/* The name that asks for a peer; free with g_free. */
char *block_list_name (GInetAddress *peer, const char *zone);
/* A sentence for the administrator: why a list is not asked, and what to do. Translated; NULL for a
 * good one and one that is not tested yet. */
const char *block_list_state_text (BlockListState state);
/* The state's name in JSON: "good", "closed", … */
const char *block_list_state_name (BlockListState state);
