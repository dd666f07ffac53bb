/* hauspost dns DOMAIN [--check] */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

/* What a record is for, and what has to be known about it. */
static const struct {
  const char *use, *title, *note;
} uses[] = {
  { "address", N_ ("This server can be found"),
    N_ ("The public address of this server; AAAA for IPv6.") },
  { "mx", N_ ("Mail for the domain comes to this server"), NULL },
  { "spf", N_ ("This server may send mail of the domain (SPF)"), NULL },
  { "host-spf", N_ ("This server may send notifications (SPF)"), NULL },
  { "dkim", N_ ("Other servers can verify the signatures of the domain's mail (DKIM)"), NULL },
  { "dmarc", N_ ("Other servers know what to do with forged mail of the domain (DMARC)"), NULL },
  { "tlsa", N_ ("Other servers can verify this server's certificate (DANE)"),
    N_ ("Only for a zone that is signed (DNSSEC). It changes with the server's key.") },
  { "mta-sts", N_ ("Other servers encrypt all mail for the domain (MTA-STS)"),
    N_ ("Only when this server has a certificate of an authority, and a web server publishes the "
        "policy below.") },
  { "mta-sts-host", N_ ("Where that policy is published (MTA-STS)"),
    N_ ("This version does not publish it: lead the name to a web server that does.") },
  { "tls-rpt", N_ ("Other servers report problems with encryption (TLS-RPT)"), NULL },
  { "service", N_ ("Mail programs find their settings"), NULL },
  { "autoconfig", N_ ("Mail programs find their settings (Thunderbird)"),
    N_ ("Only when a web server there has the settings: this version does not.") },
  { "autodiscover", N_ ("Mail programs find their settings (Outlook)"),
    N_ ("Only when a web server there has the settings: this version does not.") },
};

/* Words of the API, and what they mean. */
typedef struct {
  const char *name, *text;
} Word;

static const Word needs[] = {
  { "required", N_ ("required") },
  { "advised", N_ ("advised") },
  { "optional", N_ ("optional") },
};

static const Word findings[] = {
  { "right", N_ ("right") },
  { "missing", N_ ("missing") },
  { "wrong", N_ ("wrong") },
  { "unknown", N_ ("unknown") },
};

static const Word reasons[] = {
  { "several", N_ ("There may be only one of these: remove the others.") },
  { "unreadable", N_ ("Other servers cannot read it.") },
  { "refuses-us", N_ ("It does not let this server send mail.") },
  { "key-differs", N_ ("It has another key than this server.") },
  { "not-here", N_ ("It leads elsewhere.") },
  { "null-mx", N_ ("It says that the domain takes no mail.") },
  { "no-dnssec", N_ ("The zone is not signed (DNSSEC), so nobody looks at it.") },
};

/* A word that is not known, of a newer server, stands for itself. */
static const char *
find_text (const Word *words, guint count, const char *name)
{
  for (guint i = 0; name && i < count; i++)
    if (strcmp (words[i].name, name) == 0)
      return _ (words[i].text);
  return name ? name : "-";
}

static const char *
need_text (const char *name)
{
  return find_text (needs, G_N_ELEMENTS (needs), name);
}

static const char *
finding_text (const char *name)
{
  return find_text (findings, G_N_ELEMENTS (findings), name);
}

static const char *
field (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}

static guint
find_use (const json_t *record)
{
  const char *use = field (record, "use");

  for (guint i = 0; use && i < G_N_ELEMENTS (uses); i++)
    if (strcmp (uses[i].use, use) == 0)
      return i;
  return G_N_ELEMENTS (uses);
}

/* As somebody types it into the form of a registrar. */
static void
print_form (const json_t *record)
{
  const guint use = find_use (record);
  const char *value = field (record, "value");

  if (use == G_N_ELEMENTS (uses)) /* of a newer server */
    return;
  g_print ("\n%s (%s)\n", _ (uses[use].title), need_text (field (record, "need")));
  g_print (_ ("  Name:  %s\n  Type:  %s\n"), field (record, "name"), field (record, "type"));
  if (value)
    g_print (_ ("  Value: %s\n"), value);
  if (uses[use].note)
    g_print ("  %s\n", _ (uses[use].note));
}

static void
print_zone (const json_t *records)
{
  json_t *record;
  gsize i;

  g_print ("\n%s\n\n", _ ("The same as lines of a zone file:"));
  json_array_foreach ((json_t *)records, i, record)
  {
    if (field (record, "zone"))
      g_print ("%s\n", field (record, "zone"));
  }
}

static void
print_policy (const json_t *answer)
{
  const char *policy = field (answer, "mta_sts_policy");
  g_auto (GStrv) lines = g_strsplit (policy ? policy : "", "\r\n", -1);

  g_print (_ ("\nThe policy for https://mta-sts.%s/.well-known/mta-sts.txt (MTA-STS):\n\n"),
           field (answer, "domain"));
  for (guint i = 0; lines[i] && *lines[i]; i++)
    g_print ("%s\n", lines[i]);
}

static void
print_plan (const json_t *answer)
{
  const json_t *records = json_object_get (answer, "records");
  const char *relay = field (answer, "relay");
  json_t *record;
  gsize i;

  g_print (
      _ ("Records for the DNS of %s. Where a form has the domain behind the name already, leave "
         "it out (“@” is the domain itself).\n"),
      field (answer, "domain"));
  if (relay && *relay)
    g_print (_ ("Mail goes out through %s: ask there what SPF has to include.\n"), relay);
  json_array_foreach ((json_t *)records, i, record) print_form (record);
  print_zone (records);
  print_policy (answer);
}

/* Whether somebody has to do something: what is optional may be missing, but not wrong. */
static gboolean
is_trouble (const json_t *record)
{
  const char *finding = field (record, "finding"), *need = field (record, "need");

  if (g_strcmp0 (finding, "wrong") == 0)
    return TRUE;
  return g_strcmp0 (finding, "right") != 0 && g_strcmp0 (need, "required") == 0;
}

static void
print_found (const json_t *record)
{
  json_t *text;
  gsize i;

  json_array_foreach (json_object_get (record, "found"), i, text)
      g_print (_ ("           says:  %s\n"), json_string_value (text));
}

static void
print_checked (const json_t *record)
{
  const char *finding = field (record, "finding"), *reason = field (record, "reason");
  const char *value = field (record, "value");
  const gboolean right = g_strcmp0 (finding, "right") == 0;
  const guint use = find_use (record);

  g_print ("%-9s  %s %s (%s)\n", finding_text (finding), field (record, "name"),
           field (record, "type"), need_text (field (record, "need")));
  if (!right && use < G_N_ELEMENTS (uses))
    g_print ("           %s\n", _ (uses[use].title));
  if (!right)
    print_found (record);
  if (reason)
    g_print ("           %s\n", find_text (reasons, G_N_ELEMENTS (reasons), reason));
  if (!right && g_strcmp0 (finding, "unknown") != 0 && value)
    g_print (_ ("           write: %s\n"), value);
}

/* What other servers see of this one. */
static const struct {
  const char *check, *title, *missing, *wrong;
} servers[] = {
  { "reverse", N_ ("the address's name"),
    N_ ("Ask who gave you the address to set its name (PTR) to %s."),
    N_ ("It is %s. Ask who gave you the address to set its name (PTR) to %s.") },
  { "port", N_ ("port 25"),
    N_ ("Nothing answers there, seen from this server: look at the firewall and at the router."),
    N_ ("Somebody else answers there: %s") },
  { "block-lists", N_ ("block lists"), NULL, N_ ("It is listed: %s") },
};

static void
print_server (const json_t *one, const char *host)
{
  const char *check = field (one, "check"), *finding = field (one, "finding");
  const char *found = field (one, "found");

  for (guint i = 0; check && i < G_N_ELEMENTS (servers); i++) {
    if (strcmp (servers[i].check, check) != 0)
      continue;
    g_print ("%-9s  %s: %s\n", finding_text (finding), field (one, "address"),
             _ (servers[i].title));
    g_autofree char *text = g_strcmp0 (finding, "missing") == 0 && servers[i].missing
        ? g_strdup_printf (_ (servers[i].missing), host)
        : g_strcmp0 (finding, "wrong") == 0 ? g_strdup_printf (_ (servers[i].wrong), found, host)
                                            : NULL;
    if (text)
      g_print ("           %s\n", text);
  }
}

/* Prints all of it; returns how much of it is to be mended. */
static guint
print_check (const json_t *answer, gboolean silent)
{
  json_t *one;
  guint troubles = 0;
  gsize i;

  json_array_foreach (json_object_get (answer, "records"), i, one)
  {
    troubles += is_trouble (one);
    if (!silent)
      print_checked (one);
  }
  json_array_foreach (json_object_get (answer, "server"), i, one)
  {
    troubles += g_strcmp0 (field (one, "finding"), "right") != 0;
    if (!silent)
      print_server (one, field (answer, "host"));
  }
  return troubles;
}

static gboolean
check (json_t *answer, gboolean json, GError **error)
{
  const guint troubles = print_check (answer, json);

  if (json)
    console_print_json (answer);
  if (troubles == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               ngettext ("%u thing needs to be mended; changes take up to a day to be seen.",
                         "%u things need to be mended; changes take up to a day to be seen.",
                         troubles),
               troubles);
  return FALSE;
}

gboolean
command_dns (Invocation *invocation, GError **error)
{
  const gboolean checks = invocation->options[OPTION_CHECK] != NULL;
  const gboolean json = invocation->options[OPTION_JSON] != NULL;
  AdminClient *client = command_client (invocation, error);
  g_autofree char *path = admin_path ("/v1/dns/", command_argument (invocation, 0));
  json_t *answer = client != NULL
      ? admin_client_call (client, checks ? "POST" : "GET", path, NULL, error)
      : NULL;
  gboolean done = answer != NULL;

  if (answer == NULL)
    return FALSE;
  if (checks)
    done = check (answer, json, error);
  else if (json)
    console_print_json (answer);
  else
    print_plan (answer);
  json_decref (answer);
  return done;
}
