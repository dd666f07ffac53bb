/* Tests of daemon/policy/dkim-signature.c. */
#include "policy/dkim-signature.h"
#include <string.h>

#define HASH "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=dGVzdCB0ZXN0IHRlc3Q="

/* What is wrong with it, NULL: nothing. A test for each MUST of RFC 6376 §3.5 and §6.1.1. */
static const struct {
  const char *value, *problem;
} cases[] = {
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; " HASH, NULL },
  { "a=rsa-sha256; v=1; d=example.com; s=k1; h=from:to; " HASH, NULL },
  { "v=1; a=ed25519-sha256; c=relaxed; d=example.com; s=k1; h=From; q=dns/txt; " HASH, NULL },
  { "v=1; a=rsa-sha256; c=simple/relaxed; d=example.com; s=a.b; h= From : To ; l=0; t=1; x=2; "
    "i=@sub.Example.com; z=From:x; unknown=1; " HASH,
    NULL },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; i=j=C3=BC@example.com; " HASH, NULL },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; q=new/way:dns/txt; " HASH, NULL },
  { "", "broken syntax" },
  { "v=1; v=1; " HASH, "broken syntax" },
  { "v=2; a=rsa-sha256; d=example.com; s=k1; h=From; " HASH, "unknown version" },
  { "a=rsa-sha256; d=example.com; s=k1; h=From; " HASH, "unknown version" },
  { "v=1; d=example.com; s=k1; h=From; " HASH, "unknown or weak algorithm" },
  { "v=1; a=rsa-sha1; d=example.com; s=k1; h=From; " HASH, "unknown or weak algorithm" },
  { "v=1; a=RSA-SHA256; d=example.com; s=k1; h=From; " HASH, "unknown or weak algorithm" },
  { "v=1; a=rsa-sha256; s=k1; h=From; " HASH, "d= is missing or no domain" },
  { "v=1; a=rsa-sha256; d=a..b; s=k1; h=From; " HASH, "d= is missing or no domain" },
  { "v=1; a=rsa-sha256; d=example.com; h=From; " HASH, "s= is missing or no selector" },
  { "v=1; a=rsa-sha256; d=example.com; s=.; h=From; " HASH, "s= is missing or no selector" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; i=@example.org; " HASH,
    "the domain of i= is not that of d=" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; i=@badexample.com; " HASH,
    "the domain of i= is not that of d=" },
  { "v=1; a=rsa-sha256; d=sub.example.com; s=k1; h=From; i=@example.com; " HASH,
    "the domain of i= is not that of d=" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; i=nobody; " HASH,
    "the domain of i= is not that of d=" },
  { "v=1; a=rsa-sha256; c=loose; d=example.com; s=k1; h=From; " HASH, "unknown canonical form" },
  { "v=1; a=rsa-sha256; c=simple/; d=example.com; s=k1; h=From; " HASH, "unknown canonical form" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; " HASH, "h= is missing" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=To:Subject; " HASH, "From is not signed" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=; " HASH, "From is not signed" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From::To; " HASH, "an empty name in h=" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; q=carrier/pigeon; " HASH,
    "unknown query method" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; t=now; " HASH, "a time is no number" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; x=-1; " HASH, "a time is no number" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; t=5; x=5; " HASH,
    "it expires before it was made" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; l=1k; " HASH, "l= is no number" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; l=; " HASH, "l= is no number" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; bh=47DE; b=dGVzdA==",
    "bh= is missing or no SHA-256" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; b=dGVzdA==", "bh= is missing or no SHA-256" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "b= is missing or no Base64" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=*",
    "b= is missing or no Base64" },
  { "v=1; a=rsa-sha256; d=example.com; s=k1; h=From; "
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=",
    "b= is missing or no Base64" },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *problem;
    g_autoptr (DkimSignature) signature = dkim_signature_parse (cases[i].value, FALSE, &problem);

    g_test_message ("%s", cases[i].value);
    g_assert_cmpstr (problem, ==, cases[i].problem);
    if (problem)
      continue;
    g_assert_cmpstr (signature->domain, ==, "example.com");
    g_assert_cmpstr (signature->hint, ==, "dGVzdCB0");
  }
}

static void
test_values (void)
{
  const char *problem;
  g_autoptr (DkimSignature) signature = dkim_signature_parse (cases[3].value, FALSE, &problem);
  g_autoptr (DkimSignature) plain = dkim_signature_parse (cases[0].value, FALSE, &problem);
  g_autoptr (DkimSignature) arc = dkim_signature_parse (
      "i=1; a=rsa-sha256; d=example.com; s=k1; h=From; " HASH, TRUE, &problem);

  g_assert_null (problem);
  g_assert_cmpstr (arc->identity, ==, "@example.com");
  g_assert_cmpint (signature->header_canon, ==, DKIM_SIMPLE);
  g_assert_cmpint (signature->body_canon, ==, DKIM_RELAXED);
  g_assert_cmpstr (signature->fields[0], ==, "From");
  g_assert_cmpstr (signature->fields[1], ==, "To");
  g_assert_cmpuint (signature->length, ==, 0);
  g_assert_cmpint (signature->timestamp, ==, 1);
  g_assert_cmpint (signature->expiration, ==, 2);
  g_assert_cmpstr (signature->identity, ==, "@sub.Example.com");
  g_assert_cmpstr (plain->identity, ==, "@example.com");
  g_assert_cmpint (plain->timestamp, ==, -1);
  g_assert_cmpint (plain->body_canon, ==, DKIM_SIMPLE);
  g_assert_true (plain->length == G_MAXUINT64);
}

static void
test_many_fields (void)
{
  g_autoptr (GString) value = g_string_new ("v=1; a=rsa-sha256; d=example.com; s=k1; h=From");
  const char *problem;

  for (guint i = 0; i < DKIM_SIGNED_FIELDS_MAX; i++)
    g_string_append (value, ":To");
  g_string_append (value, "; " HASH);
  g_autoptr (DkimSignature) signature = dkim_signature_parse (value->str, FALSE, &problem);
  g_assert_cmpstr (problem, ==, "too many fields in h=");
}

/* §3.7: the value of b= goes, and what is around it; nothing that only looks alike. */
static const struct {
  const char *field, *without;
} unsigned_fields[] = {
  { "D: v=1; b=abc; bh=x\r\n", "D: v=1; b=; bh=x" },
  { "D: v=1; b = a\r\n\tb c\r\n", "D: v=1; b =" },
  { "D: bh=x; b=abc\r\n\tdef;\r\n", "D: bh=x; b=;" },
  { "D: b=;\r\n", "D: b=;" },
  { "D:b=x;b2=b=y\r\n", "D:b=;b2=b=y" },
  { "D: a=1\r\n", "D: a=1" },
  { "D", "D" },
};

static void
test_unsigned (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (unsigned_fields); i++) {
    g_autoptr (GString) out = g_string_new (NULL);

    dkim_append_unsigned (out, (const guint8 *)unsigned_fields[i].field,
                          strlen (unsigned_fields[i].field), DKIM_SIMPLE);
    g_assert_cmpstr (out->str, ==, unsigned_fields[i].without);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dkim-signature/parse", test_parse);
  g_test_add_func ("/dkim-signature/values", test_values);
  g_test_add_func ("/dkim-signature/many-fields", test_many_fields);
  g_test_add_func ("/dkim-signature/unsigned", test_unsigned);
  return g_test_run ();
}
