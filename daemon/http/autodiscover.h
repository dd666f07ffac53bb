/* The settings for Outlook: Autodiscover as plain XML ([MS-OXDSCLI], "POX") and the JSON that says
 * where to find it. Whether an address exists is never told: only its domain counts. */
#pragma once
#include "configuration.h"

typedef enum {
  AUTODISCOVER_FOUND,
  AUTODISCOVER_INVALID, /* no such request: error 600 */
  AUTODISCOVER_OTHER, /* a schema that we do not speak, as ActiveSync's: error 601 */
  AUTODISCOVER_STRANGER, /* not our domain: error 500 */
} AutodiscoverResult;

/* The address that a request of LENGTH bytes is about, free with g_free; NULL: *RESULT says why
 * not. A document type, with which entities could be made, is not taken. */
char *autodiscover_parse (const char *request, gsize length, AutodiscoverResult *result);

/* The answer in XML; ADDRESS is as it was asked. Free with g_free. */
char *autodiscover_write (const Configuration *configuration, const char *address);
char *autodiscover_write_error (AutodiscoverResult result);

/* The answer in JSON to the question for PROTOCOL; *KNOWN: 200, else 400. HOST is where to ask
 * next. */
char *autodiscover_write_json (const Configuration *configuration, const char *host,
                               const char *protocol, gboolean *known);
