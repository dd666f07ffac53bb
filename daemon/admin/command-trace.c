/* hauspost trace: the life of a mail in plain words. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include "admin/trace-words.h"
#include <glib/gi18n.h>
#include <string.h>

static void
print_heading (const json_t *line)
{
  const char *sender = item_text (line, "sender"), *id = item_text (line, "message_id");
  const gint64 size = json_integer_value (json_object_get (line, "size"));
  g_autofree char *bytes = size > 0 ? console_size (size) : NULL;

  g_print (_ ("Mail from %s"), *sender ? sender : _ ("a mail system (a report)"));
  if (bytes)
    g_print (", %s", bytes);
  if (*id)
    g_print (", <%s>", id);
  g_print ("\n");
}

static void
print_mail (const json_t *mail)
{
  const json_t *lines = json_object_get (mail, "lines");
  json_t *line;
  gsize i;

  print_heading (json_array_get (lines, 0));
  json_array_foreach (lines, i, line)
  {
    g_autofree char *when = item_time (line, "time");
    g_autofree char *sentence = trace_words (line);
    g_print ("  %s  %s\n", when ? when : "", sentence);
  }
}

static void
print_mails (const json_t *mails)
{
  json_t *mail;
  gsize i;

  if (json_array_size (mails) == 0)
    g_print ("%s\n",
             _ ("Nothing is known of such a mail. Look for its Message-ID, or for the whole "
                "address of its sender or of a recipient."));
  json_array_foreach (mails, i, mail)
  {
    if (i > 0)
      g_print ("\n");
    print_mail (mail);
  }
}

/* People paste "<id@host>" with its brackets. */
static json_t *
question (Invocation *invocation)
{
  const char *about = command_argument (invocation, 0);
  g_autofree char *bare = g_strdup (about);

  if (bare && *bare == '<' && g_str_has_suffix (bare, ">")) {
    bare[strlen (bare) - 1] = '\0';
    return json_pack ("{s:s}", "about", bare + 1);
  }
  return bare ? json_pack ("{s:s}", "about", bare) : json_object ();
}

gboolean
command_trace (Invocation *invocation, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  json_t *body = client ? question (invocation) : NULL;
  json_t *answer = client ? admin_client_call (client, "POST", "/v1/trace", body, error) : NULL;
  const json_t *mails = json_object_get (answer, "mails");

  json_decref (body);
  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (mails);
  else
    print_mails (mails);
  json_decref (answer);
  return TRUE;
}
