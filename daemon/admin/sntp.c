/* NTP's packet: seconds since 1900 in 32 bits and their fraction in 32 more. */
#include "admin/sntp.h"
#include "language.h"
#include <string.h>

#define TIMEOUT_SECONDS 3
#define EPOCH G_GINT64_CONSTANT (2208988800) /* of Unix, in seconds since 1900 */
#define ERA G_GINT64_CONSTANT (4294967296)
enum { STRATUM = 1, ORIGINATE = 24, RECEIVE = 32, TRANSMIT = 40, STAMP = 8 };

static void
write_stamp (guint8 *at, gint64 time)
{
  const guint64 seconds = (guint64)(time / G_USEC_PER_SEC + EPOCH) % ERA;
  const guint64 fraction = (guint64)(time % G_USEC_PER_SEC) * ERA / G_USEC_PER_SEC;
  const guint64 stamp = GUINT64_TO_BE (seconds << 32 | fraction);

  memcpy (at, &stamp, sizeof stamp);
}

/* In the era that is nearest to NEAR: the counter begins anew in 2036. */
static gint64
read_stamp (const guint8 *at, gint64 near)
{
  guint64 stamp;
  gint64 seconds;

  memcpy (&stamp, at, sizeof stamp);
  stamp = GUINT64_FROM_BE (stamp);
  seconds = (gint64)(stamp >> 32) - EPOCH;
  while (near / G_USEC_PER_SEC - seconds > ERA / 2)
    seconds += ERA;
  return seconds * G_USEC_PER_SEC + (gint64)((stamp & 0xffffffff) * G_USEC_PER_SEC / ERA);
}

void
sntp_ask (guint8 packet[SNTP_LENGTH], gint64 now)
{
  memset (packet, 0, SNTP_LENGTH);
  packet[0] = 4 << 3 | 3; /* version 4, a client */
  write_stamp (packet + TRANSMIT, now);
}

gboolean
sntp_read (const guint8 *answer, gsize length, const guint8 asked[SNTP_LENGTH], gint64 sent,
           gint64 got, gint64 *ahead)
{
  gint64 received, transmitted;

  if (length < SNTP_LENGTH || (answer[0] & 7) != 4 /* a server */
      || answer[0] >> 6 == 3 /* whose clock is not set */
      || answer[STRATUM] == 0 || answer[STRATUM] > 15
      || memcmp (answer + ORIGINATE, asked + TRANSMIT, STAMP) != 0)
    return FALSE;
  received = read_stamp (answer + RECEIVE, sent);
  transmitted = read_stamp (answer + TRANSMIT, sent);
  *ahead = ((received - sent) + (transmitted - got)) / 2;
  return TRUE;
}

gboolean
sntp_query (GSocketAddress *address, gint64 *ahead, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  guint8 question[SNTP_LENGTH], answer[SNTP_LENGTH * 2];
  gint64 sent;
  gssize length;

  if (socket == NULL || !g_socket_connect (socket, address, NULL, error))
    return FALSE;
  g_socket_set_timeout (socket, TIMEOUT_SECONDS);
  sent = g_get_real_time ();
  sntp_ask (question, sent);
  if (g_socket_send (socket, (const char *)question, sizeof question, NULL, error) < 0
      || (length = g_socket_receive (socket, (char *)answer, sizeof answer, NULL, error)) < 0)
    return FALSE;
  if (sntp_read (answer, (gsize)length, question, sent, g_get_real_time (), ahead))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("The time server gave no sensible answer."));
  return FALSE;
}
