/* Writes the cards with servers and ports. */
#include "http/web-settings.h"
#include "http/offer.h"

static const WebText names[] = { [OFFER_IMAP] = TEXT_INCOMING_IMAP,
                                 [OFFER_POP3] = TEXT_INCOMING_POP3,
                                 [OFFER_SMTP] = TEXT_OUTGOING_SMTP };

/* The words that mail programs use themselves. */
static const char *
security (const Offer *offer)
{
  return offer->implicit_tls ? "SSL/TLS" : "STARTTLS";
}

static void
add_row (GString *html, const WebCall *call, WebText name, const char *value, gboolean is_exact)
{
  html_add (html,
            is_exact ? "<div><dt>%s</dt><dd><code>%s</code></dd></div>\n"
                     : "<div><dt>%s</dt><dd>%s</dd></div>\n",
            web_text (call->language, name), value);
}

static void
add_card (GString *html, const WebCall *call, const Offer *offer)
{
  g_autofree char *port = g_strdup_printf ("%u", offer_port (call->configuration, offer));

  html_add (html, "<section class=\"card\"><h3>%s</h3>\n<dl>\n",
            web_text (call->language, names[offer->protocol]));
  add_row (html, call, TEXT_SERVER, call->configuration->hostname, TRUE);
  add_row (html, call, TEXT_PORT, port, TRUE);
  add_row (html, call, TEXT_SECURITY, security (offer), TRUE);
  add_row (html, call, TEXT_AUTHENTICATION, web_text (call->language, TEXT_NORMAL_PASSWORD), FALSE);
  g_string_append (html, "</dl></section>\n");
}

static void
add_name (GString *html, const WebCall *call, const char *domain, const char *address)
{
  g_autofree char *whole = g_strdup_printf (web_text (call->language, TEXT_WHOLE_ADDRESS), domain);

  g_string_append (html, "<dl class=\"both\">\n");
  add_row (html, call, TEXT_USER_NAME, address != NULL ? address : whole, address != NULL);
  add_row (html, call, TEXT_PASSWORD, web_text (call->language, TEXT_PASSWORD_OR_APP), FALSE);
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
              web_text (call->language, names[all[i].protocol]),
              offer_port (call->configuration, &all[i]), security (&all[i]));
    rows++;
  }
  if (rows == 0)
    return;
  html_add (html, "<details><summary>%s</summary>\n", web_text (call->language, TEXT_OTHER_PORTS));
  html_text (html, call, "p", TEXT_OTHER_PORTS_LEAD);
  html_add (html,
            "<table><thead><tr><td></td><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
            "</thead>\n<tbody>\n",
            web_text (call->language, TEXT_PORT), web_text (call->language, TEXT_SECURITY));
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
    html_text (html, call, "p", TEXT_NOTHING_SERVED);
    return;
  }
  g_string_append (html, "<div class=\"cards\">\n");
  for (guint i = 0; i < G_N_ELEMENTS (best); i++)
    if (best[i] != NULL)
      add_card (html, call, best[i]);
  g_string_append (html, "</div>\n");
  html_text (html, call, "p", TEXT_TYPE_LEAD);
  add_name (html, call, domain, address);
  add_other (html, call, best, G_N_ELEMENTS (best));
}
