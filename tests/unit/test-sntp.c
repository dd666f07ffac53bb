/* The question to a time server and its answers, sound and unsound. */
#include "admin/sntp.h"
#include <string.h>

#define NOW (G_GINT64_CONSTANT (1796014388) * G_USEC_PER_SEC + 250000)

static void
answer (const guint8 *asked, guint8 *packet)
{
  memset (packet, 0, SNTP_LENGTH);
  packet[0] = 4 << 3 | 4;
  packet[1] = 2;
  memcpy (packet + 24, asked + 40, 8);
}

/* What the server's clock says. */
static void
set_times (guint8 *packet, gint64 time)
{
  guint8 stamp[SNTP_LENGTH];

  sntp_ask (stamp, time);
  memcpy (packet + 32, stamp + 40, 8);
  memcpy (packet + 40, stamp + 40, 8);
}

static void
test_ahead (void)
{
  static const gint64 ahead[] = { 0, 5000000, -90000000, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (ahead); i++) {
    guint8 asked[SNTP_LENGTH], packet[SNTP_LENGTH];
    gint64 found;

    sntp_ask (asked, NOW);
    g_assert_cmpuint (asked[0], ==, 0x23);
    answer (asked, packet);
    set_times (packet, NOW + 10000 + ahead[i]);
    g_assert_true (sntp_read (packet, sizeof packet, asked, NOW, NOW + 20000, &found));
    g_assert_cmpint (ABS (found - ahead[i]), <=, 2);
  }
}

static void
test_unsound (void)
{
  static const struct {
    guint offset;
    guint8 value;
  } rows[] = { { 0, 4 << 3 | 3 }, { 0, 3 << 6 | 4 << 3 | 4 }, { 1, 0 }, { 1, 16 }, { 30, 0x5a } };
  guint8 asked[SNTP_LENGTH], packet[SNTP_LENGTH];
  gint64 found;

  sntp_ask (asked, NOW);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    answer (asked, packet);
    set_times (packet, NOW);
    packet[rows[i].offset] = rows[i].value;
    g_assert_false (sntp_read (packet, sizeof packet, asked, NOW, NOW, &found));
  }
  answer (asked, packet);
  for (gsize length = 0; length < SNTP_LENGTH; length++)
    g_assert_false (sntp_read (packet, length, asked, NOW, NOW, &found));
}

/* 2036-02-07: the seconds begin anew. */
static void
test_era (void)
{
  const gint64 late = G_GINT64_CONSTANT (2085978500) * G_USEC_PER_SEC;
  guint8 asked[SNTP_LENGTH], packet[SNTP_LENGTH];
  gint64 found;

  sntp_ask (asked, late);
  answer (asked, packet);
  set_times (packet, late + 3 * G_USEC_PER_SEC);
  g_assert_true (sntp_read (packet, sizeof packet, asked, late, late, &found));
  g_assert_cmpint (ABS (found - 3 * G_USEC_PER_SEC), <=, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sntp/ahead", test_ahead);
  g_test_add_func ("/sntp/unsound", test_unsound);
  g_test_add_func ("/sntp/era", test_era);
  return g_test_run ();
}
