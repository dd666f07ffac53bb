/* Reads records: every length comes from strangers. */
#include "net/dns-answer.h"
#include <string.h>

#define NAME_MAX_BYTES 255 /* RFC 1035 §2.3.4 */

static void
record_free (gpointer data)
{
  DnsRecord *record = data;

  g_clear_object (&record->address);
  g_clear_pointer (&record->data, g_bytes_unref);
  g_free (record->host);
  g_free (record);
}

DnsAnswer *
dns_answer_new (const char *name, DnsStatus status)
{
  DnsAnswer *answer = g_new0 (DnsAnswer, 1);

  answer->status = status;
  answer->name = g_strdup (name);
  answer->records = g_ptr_array_new_with_free_func (record_free);
  return answer;
}

void
dns_answer_free (DnsAnswer *answer)
{
  g_ptr_array_unref (answer->records);
  g_free (answer->name);
  g_free (answer->reason);
  g_free (answer);
}

/* A label's byte as a zone file writes it (RFC 1035 §5.1). */
static void
append_byte (GString *text, guint8 byte)
{
  if (byte == '.' || byte == '\\')
    g_string_append_printf (text, "\\%c", byte);
  else if (g_ascii_isgraph (byte))
    g_string_append_c (text, byte);
  else
    g_string_append_printf (text, "\\%03u", byte);
}

/* A name that takes all of BYTES; NULL: it is broken. */
static char *
read_name (const guint8 *bytes, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize at = 0;

  if (length == 0 || length > NAME_MAX_BYTES)
    return NULL;
  while (bytes[at] != 0) {
    const gsize label = bytes[at++];
    if (label > 63 || label >= length - at) /* the root's byte must follow */
      return NULL;
    if (text->len)
      g_string_append_c (text, '.');
    for (gsize end = at + label; at < end; at++)
      append_byte (text, bytes[at]);
  }
  return at + 1 == length ? g_strdup (text->str) : NULL;
}

static gboolean
read_address (DnsRecord *record, GSocketFamily family, const guint8 *rdata, gsize length)
{
  if (length != (family == G_SOCKET_FAMILY_IPV4 ? 4 : 16))
    return FALSE;
  record->address = g_inet_address_new_from_bytes (rdata, family);
  return TRUE;
}

static gboolean
read_a (DnsRecord *record, const guint8 *rdata, gsize length)
{
  return read_address (record, G_SOCKET_FAMILY_IPV4, rdata, length);
}

static gboolean
read_aaaa (DnsRecord *record, const guint8 *rdata, gsize length)
{
  return read_address (record, G_SOCKET_FAMILY_IPV6, rdata, length);
}

static gboolean
read_ptr (DnsRecord *record, const guint8 *rdata, gsize length)
{
  record->host = read_name (rdata, length);
  return record->host != NULL;
}

static gboolean
read_mx (DnsRecord *record, const guint8 *rdata, gsize length)
{
  if (length < 3)
    return FALSE;
  record->preference = rdata[0] << 8 | rdata[1];
  return read_ptr (record, rdata + 2, length - 2);
}

static gboolean
read_srv (DnsRecord *record, const guint8 *rdata, gsize length)
{
  if (length < 7)
    return FALSE;
  record->preference = rdata[0] << 8 | rdata[1];
  record->weight = rdata[2] << 8 | rdata[3];
  record->port = rdata[4] << 8 | rdata[5];
  return read_ptr (record, rdata + 6, length - 6);
}

static gboolean
read_txt (DnsRecord *record, const guint8 *rdata, gsize length)
{
  g_autoptr (GByteArray) joined = g_byte_array_sized_new (length);

  if (length == 0)
    return FALSE;
  for (gsize at = 0; at < length;) {
    const gsize count = rdata[at++];
    if (count > length - at)
      return FALSE;
    g_byte_array_append (joined, rdata + at, count);
    at += count;
  }
  record->data = g_byte_array_free_to_bytes (g_steal_pointer (&joined));
  return TRUE;
}

static gboolean
read_tlsa (DnsRecord *record, const guint8 *rdata, gsize length)
{
  if (length < 4)
    return FALSE;
  record->usage = rdata[0];
  record->selector = rdata[1];
  record->matching = rdata[2];
  record->data = g_bytes_new (rdata + 3, length - 3);
  return TRUE;
}

static const struct {
  DnsType type;
  gboolean (*read) (DnsRecord *record, const guint8 *rdata, gsize length);
} readers[] = {
  { DNS_TYPE_A, read_a },     { DNS_TYPE_AAAA, read_aaaa }, { DNS_TYPE_PTR, read_ptr },
  { DNS_TYPE_MX, read_mx },   { DNS_TYPE_TXT, read_txt },   { DNS_TYPE_TLSA, read_tlsa },
  { DNS_TYPE_SRV, read_srv },
};

gboolean
dns_answer_add (DnsAnswer *answer, DnsType type, const guint8 *rdata, gsize length)
{
  DnsRecord *record;

  if (answer->records->len >= DNS_RECORDS_MAX)
    return FALSE;
  record = g_new0 (DnsRecord, 1);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i].type == type && readers[i].read (record, rdata, length)) {
      g_ptr_array_add (answer->records, record);
      return TRUE;
    }
  record_free (record);
  return FALSE;
}

static gint
compare_preference (gconstpointer a, gconstpointer b)
{
  const DnsRecord *one = *(DnsRecord *const *)a, *two = *(DnsRecord *const *)b;

  return (gint)one->preference - (gint)two->preference;
}

void
dns_answer_settle (DnsAnswer *answer)
{
  g_ptr_array_sort (answer->records, compare_preference);
  if (answer->status == DNS_FOUND && answer->records->len == 0)
    answer->status = DNS_NO_DATA;
}

gboolean
dns_answer_is_null_mx (const DnsAnswer *answer)
{
  const DnsRecord *only = answer->records->len == 1 ? answer->records->pdata[0] : NULL;

  return answer->status == DNS_FOUND && only && only->host && *only->host == '\0';
}

const char *
dns_status_text (DnsStatus status)
{
  static const char *const texts[] = { [DNS_FOUND] = "found",
                                       [DNS_NO_NAME] = "no name",
                                       [DNS_NO_DATA] = "no data",
                                       [DNS_FAILED] = "failed",
                                       [DNS_BOGUS] = "bogus" };
  return texts[status];
}

char *
dns_reverse_name (GInetAddress *address, const char *zone)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  const gboolean v4 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;
  GString *name = g_string_new (NULL);

  for (gsize i = g_inet_address_get_native_size (address); i-- > 0;)
    if (v4)
      g_string_append_printf (name, "%u.", bytes[i]);
    else
      g_string_append_printf (name, "%x.%x.", bytes[i] & 15, bytes[i] >> 4);
  g_string_append (name, zone ? zone : v4 ? "in-addr.arpa" : "ip6.arpa");
  return g_string_free (name, FALSE);
}
