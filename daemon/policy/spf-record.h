/* The text of an SPF record (RFC 7208 §4.5, §4.6, §12). */
#pragma once
#include <gio/gio.h>

#define SPF_RECORD_MAX 8192 /* characters; §3.4 asks for 450 */

typedef enum {
  SPF_NONE,
  SPF_NEUTRAL,
  SPF_PASS,
  SPF_FAIL,
  SPF_SOFTFAIL,
  SPF_TEMPERROR,
  SPF_PERMERROR
} SpfResult;

typedef enum {
  SPF_ALL,
  SPF_INCLUDE,
  SPF_A,
  SPF_MX,
  SPF_PTR,
  SPF_IP4,
  SPF_IP6,
  SPF_EXISTS
} SpfMechanism;

typedef struct {
  SpfMechanism mechanism;
  SpfResult result; /* what a match means */
  char *domain; /* domain-spec, or NULL */
  GInetAddress *network; /* ip4, ip6 */
  guint ip4_length, ip6_length; /* bits that count */
} SpfDirective;

typedef struct {
  GArray *directives; /* SpfDirective */
  char *redirect, *exp; /* domain-specs, or NULL */
} SpfRecord;

void spf_record_free (SpfRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpfRecord, spf_record_free)

/* This TXT record is one of SPF's: "v=spf1" and then a space or the end (§4.5). */
gboolean spf_record_is_one (const char *text);
/* NULL: a syntax error, and *PROBLEM says where; free with g_free. */
SpfRecord *spf_record_parse (const char *text, char **problem);
