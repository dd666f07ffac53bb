/* Writes the cards with servers and ports. */
#include "http/web-settings.h"
#include "http/offer.h"

static const char *const names[] = { [OFFER_IMAP] = N_ ("Incoming mail (IMAP)"),
                                     [OFFER_POP3] = N_ ("Incoming mail (POP3)"),
                                     [OFFER_SMTP] = N_ ("Outgoing mail (SMTP)") };

/* The words that mail programs use themselves. */
static const char *
security (const Offer *offer)
{
  return offer->implicit_tls ? "SSL/TLS" : "STARTTLS";
}

static void
add_row (GString *html, const char *name, const char *value, gboolean is_exact)
{
  html_add (html,
            is_exact ? "<div><dt>%s</dt><dd><code>%s</code></dd></div>\n"
                     : "<div><dt>%s</dt><dd>%s</dd></div>\n",
            name, value);
}

static void
add_card (GString *html, const WebCall *call, const Offer *offer)
{
  g_autofree char *port = g_strdup_printf ("%u", offer_port (call->configuration, offer));

  html_add (html, "<section class=\"card\"><h3>%s</h3>\n<dl>\n", _ (names[offer->protocol]));
  add_row (html, _ ("Server"), call->configuration->hostname, TRUE);
  add_row (html, _ ("Port"), port, TRUE);
  add_row (html, _ ("Security"), security (offer), TRUE);
  add_row (html, _ ("Authentication"), _ ("Normal password"), FALSE);
  g_string_append (html, "</dl></section>\n");
}

static void
add_name (GString *html, const WebCall *call, const char *domain, const char *address)
{
  g_autofree char *whole = g_strdup_printf (_ ("your whole mail address, like name@%s"), domain);

  g_string_append (html, "<dl class=\"both\">\n");
  add_row (html, _ ("User name"), address != NULL ? address : whole, address != NULL);
  add_row (html, _ ("Password"), _ ("your password or, better, an app password"), FALSE);
  g_string_append (html, "</dl>\n");
}

static void
add_other (GString *html, const WebCall *call, const Offer *const *best, guint best_count)
{
  guint count, rows = 0;
  const Offer *all = offers (&count);
  g_autoptr (GString) body = g_string_new (NULL);

  for (guint i = 0; i < count; i++) {
    gboolean is_best = FALSE;
    for (guint b = 0; b < best_count; b++)
      is_best |= best[b] == &all[i];
    if (is_best || offer_port (call->configuration, &all[i]) == 0)
      continue;
    html_add (body, "<tr><th scope=\"row\">%s</th><td>%u</td><td>%s</td></tr>\n",
              _ (names[all[i].protocol]), offer_port (call->configuration, &all[i]),
              security (&all[i]));
    rows++;
  }
  if (rows == 0)
    return;
  html_add (html, "<details><summary>%s</summary>\n", _ ("Other ways in"));
  html_text (html, "p",
             _ ("For programs that cannot do the above. IMAP keeps mail on the server, so that all "
                "devices show the same; POP3 fetches it to one."));
  html_add (html,
            "<table><thead><tr><td></td><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
            "</thead>\n<tbody>\n",
            _ ("Port"), _ ("Security"));
  g_string_append_len (html, body->str, (gssize)body->len);
  g_string_append (html, "</tbody></table></details>\n");
}

void
web_settings_add (GString *html, const WebCall *call, const char *domain, const char *address)
{
  const Offer *best[2] = { offer_best (call->configuration, OFFER_IMAP),
                           offer_best (call->configuration, OFFER_SMTP) };

  if (best[0] == NULL)
    best[0] = offer_best (call->configuration, OFFER_POP3);
  if (best[0] == NULL && best[1] == NULL) {
    html_text (html, "p",
               _ ("This server offers no service for mail programs at the moment. Ask your "
                  "administrator."));
    return;
  }
  g_string_append (html, "<div class=\"cards\">\n");
  for (guint i = 0; i < G_N_ELEMENTS (best); i++)
    if (best[i] != NULL)
      add_card (html, call, best[i]);
  g_string_append (html, "</div>\n");
  html_text (html, "p", _ ("For both servers, user name and password are the same."));
  add_name (html, call, domain, address);
  add_other (html, call, best, G_N_ELEMENTS (best));
}
