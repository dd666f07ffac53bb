/* What programs fetch. */
#include "http/autoconfig.h"
#include "http/autodiscover.h"
#include "http/mobile-profile.h"
#include "http/offer.h"
#include "http/pages.h"
#include "http/sts-policy.h"
#include "http/web-domain.h"
#include "http/web-resources.h"
#include "http/web-trust.h"
#include "accounts/self-service.h"
#include "log.h"
#include "mail/address.h"
#include <string.h>

#define PLAIN "text/plain; charset=utf-8"
#define XML "text/xml; charset=utf-8"
#define JSON "application/json; charset=utf-8"
#define PROFILE "application/x-apple-aspen-config"
#define SECURITY_DAYS 30

static void
answer_resource (WebCall *call, const char *path, const char *type)
{
  GBytes *bytes = g_resource_lookup_data (web_resources_get_resource (), path,
                                          G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL) {
    page_missing (call);
    return;
  }
  call->cache = "public, max-age=86400"; /* the link to it changes with the version */
  web_call_answer_bytes (call, SOUP_STATUS_OK, type, bytes);
}

void
page_style (WebCall *call)
{
  answer_resource (call, "/style.css", "text/css; charset=utf-8");
}

void
page_icon (WebCall *call)
{
  answer_resource (call, "/icon.svg", "image/svg+xml");
}

void
page_robots (WebCall *call)
{
  web_call_answer (call, SOUP_STATUS_OK, PLAIN, g_strdup ("User-agent: *\nDisallow: /\n"));
}

static void
answer_nothing (WebCall *call)
{
  web_call_answer (call, SOUP_STATUS_NOT_FOUND, PLAIN,
                   g_strdup ("There is nothing for this name.\n"));
}

/* Whom to tell about a hole in this server. */
void
page_security (WebCall *call)
{
  g_autofree char *domain = web_domain_to_show (call);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_add_days (now, SECURITY_DAYS);
  g_autofree char *expires = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");

  if (domain == NULL)
    answer_nothing (call);
  else
    web_call_answer (call, SOUP_STATUS_OK, PLAIN,
                     g_strdup_printf ("Contact: mailto:postmaster@%s\nExpires: %s\n"
                                      "Preferred-Languages: en, de\n",
                                      domain, expires));
}

void
page_mta_sts (WebCall *call)
{
  g_autofree char *domain = g_str_has_prefix (call->host, "mta-sts.")
      ? web_domain_ours (call, call->host + strlen ("mta-sts."))
      : NULL;

  if (domain == NULL)
    answer_nothing (call);
  else
    web_call_answer (call, SOUP_STATUS_OK, PLAIN, sts_policy_write (call->configuration->hostname));
}

/* The domain of the address that is asked about decides, not the host: many domains may lead here.
 */
void
page_autoconfig (WebCall *call)
{
  const char *address = web_call_query (call, "emailaddress");
  g_autofree char *domain = *address != '\0' ? web_domain_of_address (call, address)
                                             : web_domain_of_host (call, "autoconfig.");

  if (domain == NULL)
    answer_nothing (call);
  else
    web_call_answer (call, SOUP_STATUS_OK, XML, autoconfig_write (call->configuration, domain));
}

void
page_autodiscover (WebCall *call)
{
  gsize length;
  const char *request = g_bytes_get_data (call->body, &length);
  AutodiscoverResult result = AUTODISCOVER_INVALID;
  g_autofree char *address = call->is_post ? autodiscover_parse (request, length, &result) : NULL;
  g_autofree char *domain = address != NULL ? web_domain_of_address (call, address) : NULL;

  if (address != NULL && domain == NULL)
    result = AUTODISCOVER_STRANGER;
  web_call_answer (call, SOUP_STATUS_OK, XML,
                   result == AUTODISCOVER_FOUND ? autodiscover_write (call->configuration, address)
                                                : autodiscover_write_error (result));
}

void
page_autodiscover_json (WebCall *call)
{
  GHashTableIter iter;
  gpointer key, value;
  const char *protocol = "";
  gboolean is_known;

  g_hash_table_iter_init (&iter, call->query);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_ascii_strcasecmp (key, "Protocol") == 0)
      protocol = value;
  char *text = autodiscover_write_json (
      call->configuration, *call->host != '\0' ? call->host : call->configuration->hostname,
      protocol, &is_known);
  web_call_answer (call, is_known ? SOUP_STATUS_OK : SOUP_STATUS_BAD_REQUEST, JSON, text);
}

static void
answer_profile (WebCall *call, const MobileProfile *profile)
{
  g_autofree char *text = mobile_profile_write (profile);
  g_autoptr (SSL) ssl = tls_contexts_accept (call->service->tls);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  if (text == NULL || ssl == NULL) {
    page_missing (call);
    return;
  }
  bytes = mobile_profile_sign (ssl, text, &error);
  if (bytes == NULL) {
    log_event (LOG_ERROR, "Cannot make a profile", "error", error->message, NULL);
    page_failed (call);
    return;
  }
  call->file_name = "mail.mobileconfig";
  web_call_answer_bytes (call, SOUP_STATUS_OK, PROFILE, bytes);
}

/* For an address of ours, whether somebody has it or not; without one the device asks for it. */
void
page_profile (WebCall *call)
{
  const char *address = web_call_query (call, "address");
  g_autofree char *normalized = *address != '\0' ? address_normalize (address) : NULL;
  g_autofree char *domain
      = *address != '\0' ? web_domain_of_address (call, address) : web_domain_to_show (call);
  const MobileProfile profile
      = { .configuration = call->configuration, .domain = domain, .address = normalized };

  if (domain == NULL || (*address != '\0' && normalized == NULL))
    page_missing (call);
  else
    answer_profile (call, &profile);
}

void
page_own_profile (WebCall *call)
{
  g_autoptr (Account) account
      = self_service_account (call->service->store, call->session->user, NULL);

  if (account == NULL) {
    page_sign_in_first (call);
    return;
  }
  const MobileProfile profile = { .configuration = call->configuration,
                                  .domain = address_domain (account->address),
                                  .address = account->address,
                                  .name = account->display_name };
  answer_profile (call, &profile);
}
