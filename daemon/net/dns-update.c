/* One message over TCP, one answer. Which zone a name lies in is found by trying: the server says
 * NOTAUTH for what is no zone of its own. */
#include "net/dns-update.h"
#include <string.h>

#define SECONDS 20
#define PORT 53
#define TTL 60
#define ANSWER_MAX 65535
#define OPCODE_UPDATE (5 << 3)
#define RESPONSE 0x80

enum { TYPE_SOA = 6, TYPE_TXT = 16, CLASS_IN = 1, CLASS_NONE = 254 };
enum { NOERROR = 0, NOTAUTH = 9, NOTZONE = 10 };

/* RFC 1035 §4.1.1, 2136 §2.2. */
static const char *const codes[]
    = { "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
        "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE" };

typedef struct {
  const char *server;
  const TsigKey *key;
  DnsUpdateKind kind;
  const char *name, *text;
  GCancellable *cancellable;
} Update;

/* RFC 2136 §2: one zone, no prerequisite, one change (§2.5.1 to add, §2.5.4 to remove one record).
 */
static gboolean
compose (const Update *self, const char *zone, GByteArray *message)
{
  const guint8 length = (guint8)strlen (self->text);
  const gboolean adds = self->kind == DNS_UPDATE_ADD;

  dns_wire_append_16 (message, g_random_int () & 0xffff);
  dns_wire_append_16 (message, OPCODE_UPDATE << 8);
  dns_wire_append_16 (message, 1); /* zones */
  dns_wire_append_16 (message, 0); /* prerequisites */
  dns_wire_append_16 (message, 1); /* updates */
  dns_wire_append_16 (message, 0); /* additional */
  if (!dns_wire_append_name (message, zone))
    return FALSE;
  dns_wire_append_16 (message, TYPE_SOA);
  dns_wire_append_16 (message, CLASS_IN);
  if (!dns_wire_append_name (message, self->name))
    return FALSE;
  dns_wire_append_16 (message, TYPE_TXT);
  dns_wire_append_16 (message, adds ? CLASS_IN : CLASS_NONE);
  dns_wire_append_32 (message, adds ? TTL : 0);
  dns_wire_append_16 (message, 1u + length);
  g_byte_array_append (message, &length, 1);
  g_byte_array_append (message, (const guint8 *)self->text, length);
  return TRUE;
}

static GSocketConnection *
connect_server (const Update *self, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (self->server, "@", 2);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  guint64 port = PORT;

  if (parts[0] && parts[1] && !g_ascii_string_to_unsigned (parts[1], 10, 1, 65535, &port, error))
    return NULL;
  g_socket_client_set_timeout (client, SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  return g_socket_client_connect_to_host (client, parts[0] ? parts[0] : "", (guint16)port,
                                          self->cancellable, error);
}

/* RFC 1035 §4.2.2: two bytes of length in front of each message. */
static GByteArray *
exchange (const Update *self, const GByteArray *message, GError **error)
{
  g_autoptr (GSocketConnection) connection = connect_server (self, error);
  g_autoptr (GByteArray) framed = g_byte_array_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 head[2];
  gsize done;

  if (connection == NULL)
    return NULL;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  dns_wire_append_16 (framed, message->len);
  g_byte_array_append (framed, message->data, message->len);
  if (!g_output_stream_write_all (output, framed->data, framed->len, &done, self->cancellable,
                                  error)
      || !g_input_stream_read_all (input, head, sizeof head, &done, self->cancellable, error))
    return NULL;
  g_byte_array_set_size (answer, done == sizeof head ? (guint)head[0] << 8 | head[1] : 0);
  if (!g_input_stream_read_all (input, answer->data, answer->len, &done, self->cancellable, error))
    return NULL;
  if (answer->len >= 12 && done == answer->len)
    return g_steal_pointer (&answer);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                       "The DNS server gave no whole answer.");
  return NULL;
}

static gboolean
fail (GError **error, const char *zone, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", zone, what);
  return FALSE;
}

/* *ZONE_WRONG: the server is in order, the zone is another one. */
static gboolean
read_answer (const Update *self, const GByteArray *message, const GByteArray *answer,
             const TsigMac *mac, const char *zone, gboolean *zone_wrong, GError **error)
{
  const guint code = answer->data[3] & 0xf;
  guint signature_code;
  const TsigStatus status = tsig_verify (self->key, answer->data, answer->len, mac,
                                         g_get_real_time () / G_USEC_PER_SEC, &signature_code);

  if (memcmp (answer->data, message->data, 2) != 0 || !(answer->data[2] & RESPONSE))
    return fail (error, zone, "the answer belongs to another question");
  if (status == TSIG_REFUSED)
    return fail (error, zone,
                 signature_code == 18 ? "BADTIME (the clocks differ by more than five minutes)"
                     : signature_code == 17 ? "BADKEY (the server does not know the key)"
                                            : "BADSIG (the key's secret is another one)");
  if (status == TSIG_FORGED)
    return fail (error, zone, "the answer is not signed with the key");
  *zone_wrong = code == NOTAUTH || code == NOTZONE;
  if (code != NOERROR)
    return fail (error, zone, code < G_N_ELEMENTS (codes) ? codes[code] : "it was refused");
  if (status == TSIG_NONE)
    return fail (error, zone, "the answer is not signed");
  return TRUE;
}

static gboolean
update_zone (const Update *self, const char *zone, gboolean *zone_wrong, GError **error)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  TsigMac mac;

  *zone_wrong = FALSE;
  if (!compose (self, zone, message))
    return fail (error, self->name, "this can be no name in the DNS");
  tsig_sign (self->key, message, g_get_real_time () / G_USEC_PER_SEC, &mac);
  g_autoptr (GByteArray) answer = exchange (self, message, error);
  return answer && read_answer (self, message, answer, &mac, zone, zone_wrong, error);
}

gboolean
dns_update_txt (const char *server, const TsigKey *key, DnsUpdateKind kind, const char *name,
                const char *text, GCancellable *cancellable, GError **error)
{
  const Update self = { server, key, kind, name, text, cancellable };

  g_return_val_if_fail (strlen (text) <= 255, FALSE);
  for (const char *zone = name; zone; zone = strchr (zone, '.')) {
    g_autoptr (GError) cause = NULL;
    gboolean zone_wrong;

    zone += *zone == '.';
    if (update_zone (&self, zone, &zone_wrong, &cause))
      return TRUE;
    const char *parent = strchr (zone, '.');
    if (!zone_wrong || parent == NULL || strchr (parent + 1, '.') == NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  }
  return FALSE;
}
