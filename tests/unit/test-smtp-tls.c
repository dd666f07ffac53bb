/* Tests of daemon/smtp/smtp-tls.c: REQUIRETLS and TLS-Required (RFC 8689) as a server. */
#include "smtp-fixture.h"
#include "queue/queue.h"
#include "smtp/smtp-private.h"

/* In the clear it is neither offered nor taken (§2). */
static void
test_clear (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "S: EHLO x",
                                       "250",
                                       "S: MAIL FROM:<a@b.example> REQUIRETLS",
                                       "530 5.7.10",
                                       "S: MAIL FROM:<a@b.example>",
                                       "250",
                                       NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_expect (client, "220");
  post_talk (client, steps);
}

/* The parameter counts more than the field (§4.1). */
static void
test_content (void)
{
  static const struct {
    gboolean requires_tls, waives_tls;
    guint content;
  } cases[] = { { FALSE, FALSE, 0 },
                { TRUE, FALSE, QUEUE_REQUIRE_TLS },
                { FALSE, TRUE, QUEUE_WAIVE_TLS },
                { TRUE, TRUE, QUEUE_REQUIRE_TLS } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    SmtpSession session
        = { .requires_tls = cases[i].requires_tls, .waives_tls = cases[i].waives_tls };
    g_assert_cmpuint (smtp_tls_content (&session), ==, cases[i].content);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-tls/clear", SMTP_MX, test_clear);
  g_test_add_func ("/smtp-tls/content", test_content);
  return g_test_run ();
}
