/* From an address to the names that are really its own. */
#include "policy/iprev.h"
#include <string.h>

GInetAddress *
address_unmapped (GInetAddress *address)
{
  static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
      && memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_object_ref (address);
}

gboolean
address_is_inside (GInetAddress *address, GInetAddress *network, guint length)
{
  const guint8 *ours = g_inet_address_to_bytes (address);
  const guint8 *theirs = g_inet_address_to_bytes (network);
  const guint bits = length % 8;

  if (g_inet_address_get_family (network) != g_inet_address_get_family (address)
      || memcmp (ours, theirs, length / 8) != 0)
    return FALSE;
  return bits == 0 || (ours[length / 8] ^ theirs[length / 8]) >> (8 - bits) == 0;
}

gboolean
address_is_among (GInetAddress *address, const Answer *answer, guint length)
{
  for (guint i = 0; answer->records[i]; i++) {
    g_autoptr (GInetAddress) other = g_inet_address_new_from_string (answer->records[i]);

    if (other && address_is_inside (address, other, length))
      return TRUE;
  }
  return FALSE;
}

/* The name under which an address has its PTR records (RFC 1035 §3.5, RFC 3596 §2.5). */
static char *
reverse_name (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  GString *name = g_string_new (NULL);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4) {
    g_string_printf (name, "%d.%d.%d.%d.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
  } else {
    for (int i = 15; i >= 0; i--)
      g_string_append_printf (name, "%x.%x.", bytes[i] & 15, bytes[i] >> 4);
    g_string_append (name, "ip6.arpa");
  }
  return g_string_free (name, FALSE);
}

GPtrArray *
iprev_names (GInetAddress *address, Answers *answers, IprevResult *result)
{
  const gboolean is_ip4 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;
  const QuestionType type = is_ip4 ? QUESTION_A : QUESTION_AAAA;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *reverse = reverse_name (address);
  const Answer *answer = answers_find (answers, QUESTION_PTR, reverse);
  gboolean pending = answer == NULL;

  for (guint i = 0; answer && answer->records[i] && i < IPREV_NAMES_MAX; i++) /* all at once */
    pending |= answers_find (answers, type, answer->records[i]) == NULL;
  if (pending)
    return NULL;
  *result = answer->status == ANSWER_FAILED ? IPREV_TEMPERROR
      : answer->records[0]                  ? IPREV_FAIL
                                            : IPREV_PERMERROR;
  for (guint i = 0; answer->records[i] && i < IPREV_NAMES_MAX; i++) {
    const Answer *host = answers_find (answers, type, answer->records[i]);

    if (host->status == ANSWER_FAILED && names->len == 0)
      *result = IPREV_TEMPERROR;
    if (address_is_among (address, host, is_ip4 ? 32 : 128))
      g_ptr_array_add (names, answer->records[i]);
  }
  if (names->len > 0)
    *result = IPREV_PASS;
  return g_steal_pointer (&names);
}

const char *
iprev_result_name (IprevResult result)
{
  static const char *const names[] = { "pass", "fail", "temperror", "permerror" };

  return names[result];
}
