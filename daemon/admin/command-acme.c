/* hauspost certificate acme … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>

static void
print_account (const json_t *answer)
{
  const json_t *account = json_object_get (answer, "account");
  const char *terms = item_text (answer, "terms");
  const char *problem = item_text (answer, "problem");

  g_print (_ ("Certificate authority: %s\n"), item_text (answer, "directory"));
  if (*terms)
    g_print (_ ("Terms of service: %s\n"), terms);
  if (json_is_object (account)) {
    g_print (_ ("Account: %s\n"), item_text (account, "url"));
    g_print (_ ("Mail address: %s\n"), item_text (account, "email"));
    g_print (_ ("Thumbprint of its key: %s\n"), item_text (account, "thumbprint"));
  } else
    g_print (_ ("There is no account yet.\n"));
  if (!json_is_true (json_object_get (answer, "agrees")))
    g_print (
        _ ("Certificates do not renew themselves. If you agree to the terms, say: hauspost set "
           "acme.agree-to-terms yes\n"));
  if (*problem)
    g_print ("%s\n", problem);
}

gboolean
command_acme_show (Invocation *invocation, GError **error)
{
  json_t *answer = command_ask (invocation, "/v1/acme", error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON])
    console_print_json (answer);
  else
    print_account (answer);
  json_decref (answer);
  return TRUE;
}

static void
print_sentences (const json_t *list)
{
  const json_t *certificate, *failed;
  gsize i, k;

  json_array_foreach (list, i, certificate)
  {
    if (*item_text (certificate, "sentence"))
      g_print ("%s\n", item_text (certificate, "sentence"));
    json_array_foreach (json_object_get (certificate, "failed"), k, failed)
        g_print ("  %s\n", item_text (failed, "sentence"));
  }
}

static void
print_result (const json_t *result)
{
  const int renewed = (int)json_integer_value (json_object_get (result, "renewed"));

  if (renewed == 0)
    g_print (_ ("Nothing is due.\n"));
  else
    g_print (
        ngettext ("%d certificate has come.\n", "%d certificates have come.\n", (gulong)renewed),
        renewed);
  print_sentences (json_object_get (result, "certificates"));
  print_sentences (json_object_get (result, "missing"));
}

gboolean
command_acme_order (Invocation *invocation, GError **error)
{
  const char *name = command_argument (invocation, 0);
  json_t *body = json_pack ("{s:s*, s:b}", "certificate", name, "new_key",
                            invocation->options[OPTION_NEW_KEY] != NULL);
  json_t *result
      = command_run_job (invocation, "/v1/acme/order", body, _ ("Getting certificates"), error);

  if (result == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON])
    console_print_json (result);
  else
    print_result (result);
  json_decref (result);
  return TRUE;
}

gboolean
command_acme_account (Invocation *invocation, GError **error)
{
  return command_send (invocation, "POST", "/v1/acme/account", NULL, error)
      && command_acme_show (invocation, error);
}

gboolean
command_acme_roll_over (Invocation *invocation, GError **error)
{
  return command_send (invocation, "POST", "/v1/acme/rollover", NULL, error)
      && command_acme_show (invocation, error);
}

gboolean
command_acme_revoke (Invocation *invocation, GError **error)
{
  json_t *body = json_pack ("{s:s, s:s*}", "certificate", command_argument (invocation, 0),
                            "reason", invocation->options[OPTION_REASON]);
  const gboolean done = command_send (invocation, "POST", "/v1/acme/revoke", body, error);

  json_decref (body);
  if (done && invocation->options[OPTION_JSON] == NULL)
    g_print (_ ("It is revoked. Get another one with: hauspost certificate acme order %s "
                "--new-key\n"),
             command_argument (invocation, 0));
  return done;
}
