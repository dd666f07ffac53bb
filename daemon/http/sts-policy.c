/* Writes the policy. */
#include "http/sts-policy.h"
#include "queue/mta-sts.h"
#include "settings.h"

#define ID_LENGTH 16

/* A policy that ends must be kept only until the senders have seen it (§8.3). */
static const struct {
  const char *mode;
  guint max_age; /* seconds */
} modes[] = {
  [MTA_STS_NONE] = { "none", 86400 },
  [MTA_STS_TESTING] = { "testing", 86400 },
  [MTA_STS_ENFORCE] = { "enforce", 1209600 },
};

char *
sts_policy_write (const char *hostname)
{
  const gint64 mode = setting_number (SETTING_MTA_STS);

  return g_strdup_printf ("version: STSv1\r\nmode: %s\r\nmx: %s\r\nmax_age: %u\r\n",
                          modes[mode].mode, hostname, modes[mode].max_age);
}

char *
sts_policy_id (const char *hostname)
{
  g_autofree char *policy = sts_policy_write (hostname);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, policy, -1);

  return g_strndup (digest, ID_LENGTH);
}
