/* What a domain's MTA-STS policy says (RFC 8461 §3): pure. */
#pragma once
#include <glib.h>

enum {
  MTA_STS_POLICY_MAX = 64 * 1024, /* bytes (RFC 8461 §3.3) */
  MTA_STS_AGE_MAX = 31557600, /* seconds */
  MTA_STS_ID_MAX = 32,
};

typedef enum { MTA_STS_NONE, MTA_STS_TESTING, MTA_STS_ENFORCE } MtaStsMode;

typedef struct {
  MtaStsMode mode;
  gint64 max_age; /* seconds */
  GPtrArray *mx; /* char *: "mx.example.com", "*.example.com" */
} MtaStsPolicy;
void mta_sts_policy_free (MtaStsPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MtaStsPolicy, mta_sts_policy_free)

/* NULL: TEXT is no valid policy. */
MtaStsPolicy *mta_sts_policy_parse (const char *text, gsize length);
/* Whether mail may go to HOST (§4.1). */
gboolean mta_sts_policy_allows (const MtaStsPolicy *policy, const char *host);
/* The id of a record such as "v=STSv1; id=20160831;"; NULL: it is none. Free with g_free. */
char *mta_sts_record_id (const char *text, gsize length);
