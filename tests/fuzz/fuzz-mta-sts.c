/* Policies and records that mean harm. */
#include "queue/mta-sts.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (MtaStsPolicy) policy = mta_sts_policy_parse ((const char *)data, size);
  g_autofree char *id = mta_sts_record_id ((const char *)data, size);

  if (policy) {
    g_assert_cmpint (policy->max_age, <=, MTA_STS_AGE_MAX);
    g_assert_true (policy->mode == MTA_STS_NONE || policy->mx->len > 0);
    mta_sts_policy_allows (policy, "mx.example.com");
  }
  return 0;
}
