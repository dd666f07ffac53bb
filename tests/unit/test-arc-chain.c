/* Tests of daemon/policy/arc-chain.c: which sets a header holds. */
#include "policy/arc-chain.h"
#include <string.h>

#define SET(i, cv)                                                                                 \
  "ARC-Seal: i=" i "; a=rsa-sha256; cv=" cv "; d=a.example; s=k; b=YWJj\r\n"                       \
  "ARC-Message-Signature: i=" i "; a=rsa-sha256; d=a.example; s=k; h=From; bh=YWJj; b=YWJj\r\n"    \
  "ARC-Authentication-Results: i=" i "; a.example; none\r\n"
#define SEAL "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=k; b=YWJj\r\n"
#define MARK "ARC-Message-Signature: i=1; a=rsa-sha256; d=a.example\r\n"

static const struct {
  const char *header;
  guint count;
  const char *problem;
} cases[] = {
  { "From: a@example.com\r\n", 0, NULL },
  { SET ("1", "none"), 1, NULL },
  { SET ("2", "pass") SET ("1", "none"), 2, NULL },
  { SET ("1", "none") SET ("2", "pass"), 2, NULL }, /* the order of fields does not matter */
  { SET ("1", "pass"), 1, "a seal calls the chain broken" },
  { SET ("1", "NONE"), 1, "a seal calls the chain broken" },
  { SET ("2", "none") SET ("1", "none"), 2, "a seal calls the chain broken" },
  { SET ("3", "pass") SET ("1", "none"), 3, "a set is not whole" },
  { SET ("1", "none") SET ("1", "none"), 1, "an instance is there twice" },
  { SET ("99", "pass"), 0, "an instance is broken" },
  { SET ("001", "none"), 0, "an instance is broken" },
  { SET ("-1", "none"), 0, "an instance is broken" },
  { SET ("", "none"), 0, "an instance is broken" },
  { MARK "ARC-Authentication-Results: i=1; none\r\n", 1, "a set is not whole" },
  /* §3.9: comments and blanks around the instance */
  { SEAL MARK "ARC-Authentication-Results: (a) i (b (c)) = (d) 1\r\n (e) ; none\r\n", 1, NULL },
  { SEAL MARK "ARC-Authentication-Results: i=1 2; none\r\n", 1, "an instance is broken" },
  { SEAL MARK "ARC-Authentication-Results: i=1\r\n", 1, "an instance is broken" },
  { SEAL MARK "ARC-Authentication-Results: (i=1; none\r\n", 1, "an instance is broken" },
  { SEAL MARK "ARC-Authentication-Results:\r\n", 1, "an instance is broken" },
  /* §4.1.4: U-labels */
  { "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=b\xc3\xbc"
    "cher.example; s=k\xc3\xa4y; b=YWJj\r\n" MARK "ARC-Authentication-Results: i=1; none\r\n",
    1, NULL },
  { "ARC-Seal: i=1; a=rsa-sha256; cv=none; h=From; d=a.example; s=k; b=YWJj\r\n" MARK
    "ARC-Authentication-Results: i=1; none\r\n",
    1, "a seal has h=" },
  { "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=k; b=\r\n" MARK
    "ARC-Authentication-Results: i=1; none\r\n",
    1, "b= is missing or no Base64" },
};

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (DkimHeader) header
        = dkim_header_read ((const guint8 *)cases[i].header, strlen (cases[i].header));
    g_autoptr (ArcChain) chain = arc_chain_read (header);

    g_test_message ("%s", cases[i].header);
    g_assert_cmpstr (chain->problem, ==, cases[i].problem);
    g_assert_cmpuint (chain->count, ==, cases[i].count);
  }
}

/* What was cut off could belong to the chain. */
static void
test_cut (void)
{
  g_autofree char *filling = g_strnfill (DKIM_HEADER_MAX, 'x');
  g_autofree char *text = g_strconcat (SET ("1", "none"), "X: ", filling, "\r\n", NULL);
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));
  g_autoptr (ArcChain) chain = arc_chain_read (header);

  g_assert_cmpstr (chain->problem, ==, "the header section is too big");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arc-chain/read", test_read);
  g_test_add_func ("/arc-chain/cut", test_cut);
  return g_test_run ();
}
