/* What a person changes by himself. */
#include "accounts/self-service.h"
#include "day.h"
#include "http/pages.h"
#include "http/qr-code.h"
#include "http/web-domain.h"
#include "http/web-html.h"
#include "http/web-settings.h"
#include "log.h"
#include "mail/address.h"
#include <openssl/crypto.h>
#include <string.h>

/* What is said above the account's page. */
typedef struct {
  char *sentence; /* or NULL */
  gboolean is_problem;
} Notice;

/* "30 November 2026, from 192.0.2.7"; free with g_free. */
static char *
describe_use (const Credential *device)
{
  g_autofree char *day = device->used != 0 ? day_say (device->used) : NULL;

  if (day == NULL)
    return g_strdup (_ ("never"));
  return device->address == NULL ? g_steal_pointer (&day)
                                 : g_strdup_printf (_ ("%s, from %s"), day, device->address);
}

/* The label is for narrow screens, where the table has no head. */
static void
add_cell (GString *html, const char *label, const char *value)
{
  html_add (html, "<td data-label=\"%s\">%s</td>", label, value);
}

static void
add_device (GString *html, const WebCall *call, const Credential *device)
{
  g_autofree char *made = day_say (device->created);
  g_autofree char *used = describe_use (device);
  g_autofree char *label = g_strdup_printf (_ ("Revoke %s"), device->name);

  html_add (html, "<tr><th scope=\"row\">%s</th>", device->name);
  add_cell (html, _ ("Made"), made);
  add_cell (html, _ ("Last used"), used);
  g_string_append (html, "<td>\n");
  html_form (html, call, "/account/devices/remove");
  html_add (
      html,
      "<input type=\"hidden\" name=\"device\" value=\"%s\">"
      "<button class=\"plain\" type=\"submit\" aria-label=\"%s\">%s</button></form></td></tr>\n",
      device->name, label, _ ("Revoke"));
}

static void
add_table (GString *html, const WebCall *call, const GPtrArray *devices)
{
  html_add (html,
            "<div class=\"wide\"><table class=\"devices\"><thead><tr><th scope=\"col\">%s</th>"
            "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><td></td></tr></thead>\n<tbody>\n",
            _ ("Device"), _ ("Made"), _ ("Last used"));
  for (guint i = 0; i < devices->len; i++)
    add_device (html, call, devices->pdata[i]);
  g_string_append (html, "</tbody></table></div>\n");
}

static void
add_devices (GString *html, const WebCall *call, const GPtrArray *devices)
{
  html_text (html, "h2 id=\"devices\"", _ ("App passwords"));
  html_text (html, "p",
             _ ("Give each device or program a password of its own. If one is lost, revoke it "
                "here: the others go on working, and you need not change your password."));
  if (devices->len == 0)
    html_text (html, "p", _ ("There are none yet."));
  else
    add_table (html, call, devices);
  html_form (html, call, "/account/devices");
  html_field (html, "device", "text", _ ("Name of the device"), "off", "",
              _ ("So that you know it again, like “phone” or “laptop”."));
  html_form_end (html, _ ("Make an app password"));
}

static void
add_password (GString *html, const WebCall *call)
{
  g_autofree char *hint = g_strdup_printf (
      _ ("At least %u characters. Several words in a row are easy to remember and hard to guess."),
      PASSWORD_LEAST);

  html_text (html, "h2 id=\"change-password\"", _ ("Change your password"));
  html_form (html, call, "/account/password");
  /* So that a password manager knows whose it is. */
  html_add (html,
            "<input class=\"away\" type=\"email\" name=\"address\" value=\"%s\" "
            "autocomplete=\"username\" readonly tabindex=\"-1\" aria-hidden=\"true\">\n",
            call->session->user);
  html_field (html, "password", "password", _ ("Present password"), "current-password", "", NULL);
  html_field (html, "new", "password", _ ("New password"), "new-password", "", hint);
  html_field (html, "repeated", "password", _ ("New password once more"), "new-password", "", NULL);
  html_form_end (html, _ ("Change your password"));
}

static void
add_profile (GString *html, const WebCall *call)
{
  html_text (html, "h2", _ ("Profile for Apple devices"));
  html_text (html, "p",
             _ ("Sets up mail on an iPhone, an iPad or a Mac with your address and your name. It "
                "holds no password; the device asks for it."));
  html_add (html, "<p><a class=\"button\" href=\"/account/mail.mobileconfig\">%s</a></p>\n",
            _ ("Download the profile"));
}

static void
add_head (GString *html, const WebCall *call)
{
  g_autofree char *who = g_strdup_printf (_ ("Signed in as %s"), call->session->user);

  html_text (html, "h1", _ ("Your account"));
  html_add (html, "<div class=\"who\"><p>%s</p>\n", who);
  html_form (html, call, "/sign-out");
  html_add (html, "<button class=\"plain\" type=\"submit\">%s</button></form></div>\n",
            _ ("Sign out"));
}

/* The account is gone, switched off or locked: so is the session. */
static void
end_session (WebCall *call)
{
  web_sessions_end_user (call->sessions, call->session->user, NULL);
  g_clear_pointer (&call->session, web_session_free);
  web_call_set_cookie (call, WEB_SESSION_COOKIE, "", -1);
  page_sign_in_first (call);
}

static void
show (WebCall *call, guint status, Notice *notice)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = notice != NULL ? notice->sentence : NULL;
  g_autoptr (GPtrArray) devices
      = self_service_devices (call->service->store, call->session->user, &error);
  GString *html;

  if (devices == NULL) {
    if (g_error_matches (error, STORE_ERROR, STORE_ERROR_NOT_FOUND))
      end_session (call);
    else
      page_failed (call);
    return;
  }
  html = html_begin (call, _ ("Your account"));
  add_head (html, call);
  html_notice (html, sentence, notice != NULL && notice->is_problem);
  add_devices (html, call, devices);
  add_password (html, call);
  html_text (html, "h2", _ ("What to type in"));
  web_settings_add (html, call, address_domain (call->session->user), call->session->user);
  add_profile (html, call);
  html_end (call, status, html);
}

void
page_account (WebCall *call)
{
  show (call, SOUP_STATUS_OK, NULL);
}

static void
tell (WebCall *call, guint status, char *sentence)
{
  Notice notice = { sentence, status != SOUP_STATUS_OK };

  show (call, status, &notice);
}

static void
log_change (const WebCall *call, const char *what, const char *device)
{
  log_event (LOG_NOTICE, what, "user", call->session->user, "address", call->peer, "device", device,
             "protocol", "web", NULL);
}

/* What is wrong with a new password, or NULL; free with g_free. */
static char *
find_fault (const WebCall *call, const char *password)
{
  const gsize length = strlen (password);

  if (call->verdict == WEB_BUSY)
    return g_strdup (_ ("Too many attempts at the moment. Wait a minute, and try again."));
  if (call->verdict != WEB_RIGHT || strcmp (call->user, call->session->user) != 0)
    return g_strdup (_ ("The present password is not right. Nothing was changed."));
  if (strcmp (password, web_call_field (call, "repeated")) != 0)
    return g_strdup (_ ("The new password was not the same both times. Nothing was changed."));
  if (length < PASSWORD_LEAST || length > PASSWORD_MOST)
    return g_strdup_printf (
        _ ("The new password must have from %u to %u characters. Nothing was changed."),
        PASSWORD_LEAST, PASSWORD_MOST);
  return NULL;
}

void
page_do_password (WebCall *call)
{
  const char *password = web_call_field (call, "new");
  g_autoptr (GError) error = NULL;
  char *fault = find_fault (call, password);

  if (fault != NULL) {
    tell (call, SOUP_STATUS_BAD_REQUEST, fault);
    return;
  }
  if (!self_service_change_password (call->service->store, call->session->user, password, &error)) {
    log_event (LOG_ERROR, "Cannot change a password", "user", call->session->user, "error",
               error->message, NULL);
    page_failed (call);
    return;
  }
  log_change (call, "Password changed", NULL);
  /* Whoever knew the old one has no place here any more. */
  web_sessions_end_user (call->sessions, call->session->user, call->token);
  call->ended_user = g_strdup (call->session->user);
  tell (call, SOUP_STATUS_OK,
        g_strdup (_ ("Your password is changed. Programs that used the old one ask for the new one "
                     "now; app passwords stay.")));
}

static void
show_password (WebCall *call, const char *device, const char *password)
{
  g_autofree char *heading = g_strdup_printf (_ ("The app password of “%s”"), device);
  g_autofree char *code = qr_code_svg (password, _ ("QR code of the app password"));
  GString *html = html_begin (call, _ ("App passwords"));

  html_add (html, "<h1>%s</h1>\n", heading);
  html_text (html, "p class=\"lead\"",
             _ ("It is shown only now. Type it into the device, or scan it there; it remembers it, "
                "you need not."));
  html_add (html, "<p class=\"secret\"><code>%s</code></p>\n", password);
  if (code != NULL)
    g_string_append (html, code);
  html_add (html, "<p><a class=\"button\" href=\"/account\">%s</a></p>\n",
            _ ("Back to your account"));
  html_end (call, SOUP_STATUS_OK, html);
}

/* DEVICE has a form that can be kept. */
static char *
explain_refusal (const char *device, const GError *error)
{
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_EXISTS))
    return g_strdup_printf (_ ("There is an app password of “%s” already. Choose another name, or "
                               "revoke that one first."),
                            device);
  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_INVALID))
    return g_strdup (
        _ ("There are too many app passwords. Revoke those that you do not need any more."));
  return g_strdup (_ ("The server could not do that. Try again in a moment; if it stays like this, "
                      "tell your administrator."));
}

void
page_do_add_device (WebCall *call)
{
  g_autofree char *device = g_strstrip (g_strdup (web_call_field (call, "device")));
  g_autoptr (GError) error = NULL;

  if (!device_name_is_valid (device)) {
    tell (call, SOUP_STATUS_BAD_REQUEST,
          g_strdup (_ ("Give the device a name of at most 100 characters.")));
    return;
  }
  char *password
      = self_service_add_device (call->service->store, call->session->user, device, &error);
  if (password == NULL) {
    tell (call, SOUP_STATUS_CONFLICT, explain_refusal (device, error));
    return;
  }
  log_change (call, "App password made", device);
  show_password (call, device, password);
  OPENSSL_cleanse (password, strlen (password));
  g_free (password);
}

void
page_do_remove_device (WebCall *call)
{
  const char *device = web_call_field (call, "device");
  const gboolean is_gone
      = self_service_remove_device (call->service->store, call->session->user, device, NULL);

  if (!is_gone) {
    tell (call, SOUP_STATUS_NOT_FOUND,
          g_strdup_printf (_ ("There is no app password of “%s” any more."), device));
    return;
  }
  log_change (call, "App password revoked", device);
  call->ended_user = g_strdup (call->session->user); /* the device may be signed on right now */
  tell (call, SOUP_STATUS_OK, g_strdup_printf (_ ("The app password of “%s” is revoked."), device));
}
