/* Reads the answers of DNS block lists. */
#include "policy/block-list.h"
#include "policy/iprev.h"
#include "language.h"

static BlockListAnswer
judge_address (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV4 || bytes[0] != 127)
    return BLOCK_LIST_ASTRAY;
  if (bytes[1] == 255 && bytes[2] == 255)
    return BLOCK_LIST_REFUSED;
  if (bytes[1] == 0 && bytes[2] == 0 && bytes[3] <= 1)
    return BLOCK_LIST_REFUSED;
  return BLOCK_LIST_LISTED;
}

BlockListAnswer
block_list_judge (const DnsAnswer *answer)
{
  BlockListAnswer worst = BLOCK_LIST_NOT_LISTED;

  if (answer == NULL || answer->status == DNS_FAILED || answer->status == DNS_BOGUS)
    return BLOCK_LIST_SILENT;
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];

    if (record->address)
      worst = MAX (worst, judge_address (record->address));
  }
  return worst;
}

char *
block_list_name (GInetAddress *peer, const char *zone)
{
  g_autoptr (GInetAddress) address = address_unmapped (peer);

  return dns_reverse_name (address, zone);
}

char *
block_list_test_name (BlockListTest test, const char *zone)
{
  static const char *const addresses[] = {
    [BLOCK_LIST_TEST_IPV4_LISTED] = "127.0.0.2",
    [BLOCK_LIST_TEST_IPV4_FREE] = "127.0.0.1",
    [BLOCK_LIST_TEST_IPV6_LISTED] = "::ffff:7f00:2",
    [BLOCK_LIST_TEST_IPV6_FREE] = "::ffff:7f00:1",
  };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (addresses[test]);

  return dns_reverse_name (address, zone);
}

BlockListState
block_list_conclude (const BlockListAnswer answers[BLOCK_LIST_TESTS], gboolean *ipv4,
                     gboolean *ipv6)
{
  gboolean silent = FALSE;

  *ipv4 = *ipv6 = FALSE;
  for (guint i = 0; i < BLOCK_LIST_TESTS; i++) {
    if (answers[i] == BLOCK_LIST_ASTRAY)
      return BLOCK_LIST_GONE;
    if (answers[i] == BLOCK_LIST_REFUSED)
      return BLOCK_LIST_CLOSED;
    silent |= answers[i] == BLOCK_LIST_SILENT;
  }
  if (answers[BLOCK_LIST_TEST_IPV4_FREE] == BLOCK_LIST_LISTED
      || answers[BLOCK_LIST_TEST_IPV6_FREE] == BLOCK_LIST_LISTED)
    return BLOCK_LIST_FULL;
  if (silent)
    return BLOCK_LIST_UNTESTED;
  *ipv4 = answers[BLOCK_LIST_TEST_IPV4_LISTED] == BLOCK_LIST_LISTED;
  *ipv6 = answers[BLOCK_LIST_TEST_IPV6_LISTED] == BLOCK_LIST_LISTED;
  return *ipv4 || *ipv6 ? BLOCK_LIST_GOOD : BLOCK_LIST_EMPTY;
}

static const struct {
  const char *name, *text;
} states[] = {
  [BLOCK_LIST_UNTESTED] = { "untested", NULL },
  [BLOCK_LIST_GOOD] = { "good", NULL },
  [BLOCK_LIST_EMPTY]
  = { "empty",
      N_ ("it does not list 127.0.0.2, as every block list does; look whether its name is right") },
  [BLOCK_LIST_FULL] = { "full",
                        N_ ("it lists 127.0.0.1, and so would refuse everybody: it may have "
                            "been closed for good") },
  [BLOCK_LIST_CLOSED]
  = { "closed",
      N_ ("it does not answer this server: let this server ask the Internet by itself "
          "(dns.forwarders empty), or ask the list's owner for access") },
  [BLOCK_LIST_GONE] = { "gone",
                        N_ ("its answers are none of a block list: its domain may belong to "
                            "somebody else by now") },
};

const char *
block_list_state_text (BlockListState state)
{
  return states[state].text ? _ (states[state].text) : NULL;
}

const char *
block_list_state_name (BlockListState state)
{
  return states[state].name;
}
