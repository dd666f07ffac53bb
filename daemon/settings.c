/* The table of settings, and the values that all threads read. */
#include "settings.h"
#include "setting-checks.h"
#include <gio/gio.h>
#include "language.h"
#include <string.h>

#define KIB G_GINT64_CONSTANT (1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)
#define PRIVATE_NETWORKS                                                                           \
  "127.0.0.0/8 ::1 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 fc00::/7 fe80::/10"
#define DAY G_GINT64_CONSTANT (86400)

static const char *const plaintext_choices[] = { "never", "loopback", "always", NULL };
static const char *const scram_choices[] = { "off", "app-passwords", "all", NULL };
static const char *const no_yes_choices[] = { "no", "yes", NULL };
static const char *const language_choices[] = { "en", "de", NULL };
static const char *const brake_choices[] = { "off", "hold", "refuse", NULL };
static const char *const mta_sts_choices[] = { "none", "testing", "enforce", NULL };
static const char *const policy_choices[] = { "note", "junk", "reject", NULL };
static const char *const challenge_choices[] = { "http-01", "tls-alpn-01", "dns-01", NULL };
static const char *const key_choices[] = { "ecdsa", "rsa", NULL };
static const char *const level_choices[] = { "debug", "info", "notice", "warning", "error", NULL };

/* To add a setting, add a line here and a name in settings.h. */
static const SettingInfo table[SETTING_COUNT] = {
  [SETTING_SMTP_MAX_MESSAGE_SIZE] = { "smtp.max-message-size", SETTING_SIZE, "50M", 64 * KIB, GIB,
                                      NULL, N_ ("The largest mail that is accepted.") },
  [SETTING_SMTP_MAX_RECIPIENTS] = { "smtp.max-recipients", SETTING_NUMBER, "1000", 100, 10000, NULL,
                                    N_ ("The most recipients one mail may have.") },
  [SETTING_SMTP_MAX_HOPS]
  = { "smtp.max-hops", SETTING_NUMBER, "50", 10, 200, NULL,
      N_ ("A mail that has passed through more servers than this runs in a circle and is "
          "refused.") },
  [SETTING_SMTP_BLOCK_LISTS]
  = { "smtp.block-lists", SETTING_TEXT, "", 0, 1024, NULL,
      N_ ("DNS block lists: servers that stand on one of them are refused. Read a list's terms of "
          "use first."),
      setting_check_domains },
  [SETTING_SMTP_GREYLIST]
  = { "smtp.greylist", SETTING_SECONDS, "0", 0, 3600, NULL,
      N_ ("How long a server from which no mail has come before must wait until it may try again "
          "(greylisting); 0: it need not.") },
  [SETTING_SMTP_GREET_DELAY]
  = { "smtp.greet-delay", SETTING_SECONDS, "2s", 0, 10, NULL,
      N_ ("How long a server from which no mail has come before waits for the greeting; one that "
          "talks before it is sent away. 0: it is not tested.") },
  [SETTING_PLAINTEXT_PASSWORDS]
  = { "login.plaintext-passwords", SETTING_CHOICE, "loopback", 0, 0, plaintext_choices,
      N_ ("From where passwords are accepted without TLS.") },
  [SETTING_IDLE_TIMEOUT_SMTP]
  = { "smtp.idle-timeout", SETTING_SECONDS, "5m", 10, 3600, NULL,
      N_ ("How long an SMTP client may be silent before its connection is closed.") },
  [SETTING_IDLE_TIMEOUT_IMAP]
  = { "imap.idle-timeout", SETTING_SECONDS, "30m", 1800, DAY, NULL,
      N_ ("How long an IMAP client may be silent before its connection is closed.") },
  [SETTING_IMAP_STILL_HERE]
  = { "imap.keep-alive", SETTING_SECONDS, "2m", 1, 1740, NULL,
      N_ ("How often an IMAP client that waits for news (IDLE) hears that the server is there; "
          "routers forget connections that are silent for longer.") },
  [SETTING_IMAP_PROGRESS]
  = { "imap.progress-interval", SETTING_SECONDS, "10s", 0, 600, NULL,
      N_ ("How often an IMAP client is told that its long search goes on.") },
  [SETTING_IMAP_UNAUTHENTICATE]
  = { "imap.unauthenticate", SETTING_CHOICE, "yes", 0, 0, no_yes_choices,
      N_ ("Whether an IMAP client may log out and in again on one connection.") },
  [SETTING_IDLE_TIMEOUT_POP3]
  = { "pop3.idle-timeout", SETTING_SECONDS, "10m", 600, DAY, NULL,
      N_ ("How long a POP3 client may be silent before its connection is closed.") },
  [SETTING_POP3_LOGIN_DELAY] = { "pop3.login-delay", SETTING_SECONDS, "0s", 0, DAY, NULL,
                                 N_ ("How long a user has to wait between two logins over POP3.") },
  [SETTING_POP3_EXCLUSIVE]
  = { "pop3.exclusive", SETTING_CHOICE, "no", 0, 0, no_yes_choices,
      N_ ("Whether only one program at a time may read a user's mail over POP3.") },
  [SETTING_SCRAM] = { "login.scram", SETTING_CHOICE, "all", 0, 0, scram_choices,
                      N_ ("With which passwords SCRAM-SHA-256 works: with app passwords, or with "
                          "all. Programs that "
                          "prefer it can then log in with no other.") },
  [SETTING_BAN_AFTER]
  = { "login.ban-after", SETTING_NUMBER, "20", 0, 100, NULL,
      N_ ("An address is banned when so many different names and passwords were wrong within an "
          "hour; 0 means that nobody is banned.") },
  [SETTING_BAN_TIME]
  = { "login.ban-time", SETTING_SECONDS, "15m", 60, 30 * DAY, NULL,
      N_ ("How long the first ban of an address lasts; each further one lasts four times as long, "
          "up to a week.") },
  [SETTING_BAN_EXEMPT_NETWORKS]
  = { "login.ban-exempt-networks", SETTING_TEXT, PRIVATE_NETWORKS, 0, 4096, NULL,
      N_ ("The office's own networks, whose addresses are never banned for wrong passwords."),
      setting_check_networks },
  [SETTING_GOOD_ADDRESS_TIME]
  = { "login.good-address-time", SETTING_SECONDS, "30d", 0, 365 * DAY, NULL,
      N_ ("How long an address from where somebody has logged in is not banned for the wrong "
          "passwords of others there.") },
  [SETTING_CLIENT_CERTIFICATES]
  = { "login.client-certificates", SETTING_CHOICE, "no", 0, 0, no_yes_choices,
      N_ ("Whether programs are asked for a certificate, with which they log in without a password "
          "when it was enrolled for a user.") },
  [SETTING_LOGIN_TIMEOUT]
  = { "login.timeout", SETTING_SECONDS, "1m", 10, 600, NULL,
      N_ ("How long a client may take to log in before its connection is closed.") },
  [SETTING_CONNECTIONS_MAX] = { "limits.connections", SETTING_NUMBER, "10000", 10, 1000000, NULL,
                                N_ ("The most connections that may be open at the same time.") },
  [SETTING_CONNECTIONS_PER_ADDRESS]
  = { "limits.connections-per-address", SETTING_NUMBER, "100", 1, 1000000, NULL,
      N_ ("The most connections one address may have open.") },
  [SETTING_CONNECTIONS_PER_USER_AND_ADDRESS]
  = { "limits.connections-per-user", SETTING_NUMBER, "50", 5, 1000000, NULL,
      N_ ("The most connections one user may have open from one address.") },
  [SETTING_BYTE_BUDGET]
  = { "limits.memory", SETTING_SIZE, "256M", 16 * MIB, 64 * GIB, NULL,
      N_ ("How much memory the buffers of all connections may use together.") },
  [SETTING_EXEMPT_NETWORKS]
  = { "limits.exempt-networks", SETTING_TEXT, "127.0.0.0/8 ::1", 0, 4096, NULL,
      N_ ("Networks for which the limits of connections do not count."), setting_check_networks },
  [SETTING_DETAIL_SEPARATOR]
  = { "users.detail-separator", SETTING_TEXT, "+", 0, 1, NULL,
      N_ ("Mail for anna+anything goes to anna when this character is in between; empty: it does "
          "not."),
      setting_check_separator },
  [SETTING_QUOTA_DEFAULT]
  = { "users.quota", SETTING_SIZE, "0", 0, 1024 * TIB, NULL,
      N_ ("How much mail a new user may keep when nothing else is said; 0 means as much as the "
          "disk holds.") },
  [SETTING_MESSAGES_MAX] = { "users.messages", SETTING_NUMBER, "0", 0, 1000000000, NULL,
                             N_ ("How many mails one user may keep; 0 means any number.") },
  [SETTING_MAILBOXES_MAX] = { "users.mailboxes", SETTING_NUMBER, "1000", 10, 100000, NULL,
                              N_ ("How many mailboxes one user may have.") },
  [SETTING_DISK_RESERVE]
  = { "store.disk-reserve", SETTING_SIZE, "256M", 16 * MIB, TIB, NULL,
      N_ ("When less space than this is free on the disk, new mail is refused for now, so that "
          "reading and deleting still work.") },
  [SETTING_TOMBSTONE_RETENTION]
  = { "store.undelete-time", SETTING_SECONDS, "14d", 0, 3650 * DAY, NULL,
      N_ ("How long a deleted mail can be brought back before its space is given free.") },
  [SETTING_USER_HOUR_RATE]
  = { "submission.user-hour", SETTING_NUMBER, "500", 0, 1000000, NULL,
      N_ ("How many recipients a user may send mail to within an hour; 0 means any number.") },
  [SETTING_USER_DAY_RATE]
  = { "submission.user-day", SETTING_NUMBER, "2000", 0, 10000000, NULL,
      N_ ("How many recipients a user may send mail to within 24 hours; 0 means any number.") },
  [SETTING_DOMAIN_HOUR_RATE]
  = { "submission.domain-hour", SETTING_NUMBER, "3000", 0, 1000000, NULL,
      N_ ("How many recipients all users of a domain may send mail to within an hour; 0 means any "
          "number.") },
  [SETTING_DOMAIN_DAY_RATE]
  = { "submission.domain-day", SETTING_NUMBER, "10000", 0, 10000000, NULL,
      N_ ("How many recipients all users of a domain may send mail to within 24 hours; 0 means any "
          "number.") },
  [SETTING_FUTURE_RELEASE]
  = { "submission.future-release", SETTING_SECONDS, "30d", 0, 365 * DAY, NULL,
      N_ ("How far ahead a mail program may say when a mail is to be sent; 0: it may not.") },
  [SETTING_BRAKE]
  = { "brake.action", SETTING_CHOICE, "hold", 0, 0, brake_choices,
      N_ ("What happens to the mail of a user who suddenly sends as if somebody else knew the "
          "password: it is held until an administrator releases it, or new mail is refused as "
          "well.") },
  [SETTING_BRAKE_RECIPIENTS]
  = { "brake.recipients", SETTING_NUMBER, "200", 1, 1000000, NULL,
      N_ ("To how many recipients outside a user may write within an hour before the brake looks "
          "at what is usual for this user.") },
  [SETTING_BRAKE_NEW_RECIPIENTS]
  = { "brake.new-recipients", SETTING_NUMBER, "60", 1, 1000000, NULL,
      N_ ("The same for recipients to whom this user has never written before.") },
  [SETTING_BRAKE_BOUNCES]
  = { "brake.bounces", SETTING_NUMBER, "20", 1, 1000000, NULL,
      N_ ("How many mails of a user may be undeliverable within an hour before the brake looks at "
          "what is usual for this user.") },
  [SETTING_BRAKE_CALM_TIME]
  = { "brake.calm-time", SETTING_SECONDS, "3d", 0, 90 * DAY, NULL,
      N_ ("How long after the first mail of a user new recipients are not counted, as all are new "
          "then.") },
  [SETTING_QUEUE_LIFETIME]
  = { "queue.lifetime", SETTING_SECONDS, "5d", 1, 30 * DAY, NULL,
      N_ ("How long the server tries to deliver a mail to another domain before it is returned to "
          "its sender.") },
  [SETTING_QUEUE_RETRY]
  = { "queue.retry-time", SETTING_SECONDS, "5m", 1, DAY, NULL,
      N_ ("How long after a failure a mail is tried again; each further time takes twice as long, "
          "up to four hours.") },
  [SETTING_QUEUE_DELAY_NOTICE]
  = { "queue.delay-notice", SETTING_SECONDS, "4h", 1, 30 * DAY, NULL,
      N_ ("After what time a sender is told that a mail is still on its way.") },
  [SETTING_SRS_KEY] = { "queue.srs-key", SETTING_SECRET, "", 0, 255, NULL,
                        N_ ("The key that signs the return paths of forwarded mail; made by the "
                            "server. With a new one, "
                            "reports about older mail no longer find their way back.") },
  [SETTING_QUEUE_CONNECTIONS] = { "queue.connections", SETTING_NUMBER, "100", 1, 5000, NULL,
                                  N_ ("To how many servers mail is sent at the same time.") },
  [SETTING_QUEUE_CONNECTIONS_PER_DOMAIN]
  = { "queue.connections-per-domain", SETTING_NUMBER, "10", 1, 100, NULL,
      N_ ("The most connections over which mail is sent to one domain.") },
  [SETTING_QUEUE_SOURCE_ADDRESSES]
  = { "queue.source-addresses", SETTING_TEXT, "", 0, 255, NULL,
      N_ ("From which of this machine's addresses mail is sent, such as 192.0.2.1 2001:db8::1; "
          "empty: the system chooses."),
      setting_check_addresses },
  [SETTING_QUEUE_ROUTES]
  = { "queue.routes", SETTING_TEXT, "", 0, 8192, NULL,
      N_ ("Domains whose mail goes another way: example.com=smtp.example.net:25 to that server, "
          ".example.com=direct to their own servers although queue.relay is set; a leading dot "
          "means the domains below, too."),
      setting_check_routes },
  [SETTING_QUEUE_RELAY]
  = { "queue.relay", SETTING_TEXT, "", 0, 300, NULL,
      N_ ("The server of a provider through which all mail for other domains is sent, such as "
          "smtp.example.com:587; empty: it is delivered directly."),
      setting_check_relay },
  [SETTING_QUEUE_RELAY_TLS] = { "queue.relay-tls", SETTING_CHOICE, "yes", 0, 0, no_yes_choices,
                                N_ ("Whether the provider's server must prove its name by TLS.") },
  [SETTING_QUEUE_RELAY_USER] = { "queue.relay-user", SETTING_TEXT, "", 0, 255, NULL,
                                 N_ ("With which name this server logs in at the provider's.") },
  [SETTING_QUEUE_RELAY_PASSWORD]
  = { "queue.relay-password", SETTING_SECRET, "", 0, 255, NULL,
      N_ ("With which password this server logs in at the provider's.") },
  [SETTING_LANGUAGE]
  = { "server.language", SETTING_CHOICE, "en", 0, 0, language_choices,
      N_ ("In which language the server writes to users whose mail does not say another.") },
  [SETTING_DNS_FORWARDERS]
  = { "dns.forwarders", SETTING_TEXT, "", 0, 1024, NULL,
      N_ ("DNS servers that are asked, such as 192.0.2.53 or 192.0.2.53@5353; empty: this server "
          "asks the Internet by itself. Counts after a restart."),
      setting_check_servers },
  [SETTING_AUTHENTICATION]
  = { "authentication.check", SETTING_CHOICE, "yes", 0, 0, no_yes_choices,
      N_ ("Whether mail from other servers is checked for who sent it (SPF, DKIM, DMARC).") },
  [SETTING_AUTHENTICATION_POLICY]
  = { "authentication.policy", SETTING_CHOICE, "reject", 0, 0, policy_choices,
      N_ ("What happens to mail that its author's domain calls forged: it is only noted, goes to "
          "Junk, or is refused where the domain wants that and no mailing list or forwarder has "
          "passed it on.") },
  [SETTING_AUTHENTICATION_EXEMPT_NETWORKS]
  = { "authentication.exempt-networks", SETTING_TEXT, PRIVATE_NETWORKS, 0, 4096, NULL,
      N_ ("Networks from which mail is not checked, such as the office's own devices."),
      setting_check_networks },
  [SETTING_WEB_SIGN_IN]
  = { "web.sign-in", SETTING_CHOICE, "yes", 0, 0, no_yes_choices,
      N_ ("Whether people may sign in on the web page, to change their password and to make app "
          "passwords.") },
  [SETTING_WEB_SESSION_TIME]
  = { "web.session-time", SETTING_SECONDS, "30m", 60, DAY / 2, NULL,
      N_ ("After what time without a click somebody is signed out on the web page.") },
  [SETTING_MTA_STS]
  = { "mta-sts.mode", SETTING_CHOICE, "enforce", 0, 0, mta_sts_choices,
      N_ ("What other servers are told about TLS with this one (MTA-STS): to send without it, too, "
          "but report failures (testing), to send with a valid certificate only (enforce), or that "
          "there is no policy any more (none). The DNS record changes with it.") },
  [SETTING_TRACE_TIME]
  = { "trace.time", SETTING_SECONDS, "365d", 0, 3650 * DAY, NULL,
      N_ ("How long hauspost trace can tell what became of a mail; 0: it is not written down.") },
  [SETTING_TRACE_SIZE]
  = { "trace.size", SETTING_SIZE, "1G", 16 * MIB, TIB, NULL,
      N_ ("How much space the trace of mails may take; beyond that the oldest goes.") },
  [SETTING_AUTHENTICATION_SEALERS]
  = { "authentication.trusted-sealers", SETTING_TEXT, "", 0, 4096, NULL,
      N_ ("Domains of forwarders and mailing lists that are believed when they seal (ARC) that a "
          "mail was not forged when they took it, such as lists.example.org."),
      setting_check_domains },
  [SETTING_ACME_AGREE]
  = { "acme.agree-to-terms", SETTING_CHOICE, "no", 0, 0, no_yes_choices,
      N_ ("Whether this server gets certificates by itself and renews them; you agree to the terms "
          "of service of the authority in acme.directory (hauspost certificate acme show).") },
  [SETTING_ACME_DIRECTORY]
  = { "acme.directory", SETTING_TEXT, "https://acme-v02.api.letsencrypt.org/directory", 0, 1024,
      NULL, N_ ("The certificate authority: the address of its ACME directory."),
      setting_check_https },
  [SETTING_ACME_EMAIL]
  = { "acme.email", SETTING_TEXT, "", 0, 254, NULL,
      N_ ("Where the certificate authority can write to when something is wrong; empty: nowhere."),
      setting_check_mail },
  [SETTING_ACME_CHALLENGE]
  = { "acme.challenge", SETTING_CHOICE, "http-01", 0, 0, challenge_choices,
      N_ ("How this server proves that a name is its own: over port 80, over port 443, or by a "
          "record in the DNS.") },
  [SETTING_ACME_KEY]
  = { "acme.key", SETTING_CHOICE, "ecdsa", 0, 0, key_choices,
      N_ ("Which kind of key new certificates get; RSA only for programs that are very old.") },
  [SETTING_ACME_NAMES]
  = { "acme.names", SETTING_TEXT, "", 0, 4096, NULL,
      N_ ("Further host names for which certificates are to be had, beside those of this server and "
          "its domains."),
      setting_check_domains },
  [SETTING_ACME_EAB_KID]
  = { "acme.eab-kid", SETTING_TEXT, "", 0, 255, NULL,
      N_ ("The customer's key identifier, for authorities that take only customers (external account "
          "binding).") },
  [SETTING_ACME_EAB_KEY]
  = { "acme.eab-key", SETTING_SECRET, "", 0, 1024, NULL,
      N_ ("The customer's key that belongs to acme.eab-kid, as the authority gives it.") },
  [SETTING_ACME_DNS_SERVER]
  = { "acme.dns-server", SETTING_TEXT, "", 0, 300, NULL,
      N_ ("For acme.challenge dns-01: the DNS server that takes updates (RFC 2136), such as "
          "192.0.2.53 or 192.0.2.53@5353; empty: acme-hook in the configuration does it."),
      setting_check_servers },
  [SETTING_ACME_DNS_KEY]
  = { "acme.dns-key", SETTING_SECRET, "", 0, 1024, NULL,
      N_ ("The key that signs the updates: hmac-sha256:NAME:SECRET, the secret in Base64.") },
  [SETTING_ACME_DNS_WAIT]
  = { "acme.dns-wait", SETTING_SECONDS, "30s", 0, 3600, NULL,
      N_ ("How long it takes until all servers of a domain know a new record.") },
  [SETTING_ACME_CA_FILE]
  = { "acme.ca-file", SETTING_TEXT, "", 0, 1024, NULL,
      N_ ("A file with the certificates (PEM) of an authority that this system does not trust, such "
          "as one in the office's own network.") },
  [SETTING_AUDIT_TIME]
  = { "audit.time", SETTING_SECONDS, "730d", 0, 36500 * DAY, NULL,
      N_ ("How long it is kept who changed what in the administration; 0: for ever.") },
  [SETTING_BACKUP_EVERY]
  = { "backup.every", SETTING_SECONDS, "0", 0, 365 * DAY, NULL,
      N_ ("How often the server makes a backup by itself in the folder backups of its data folder, "
          "such as 1d; 0: it makes none. Copy them to another machine.") },
  [SETTING_BACKUP_KEEP]
  = { "backup.keep", SETTING_NUMBER, "7", 1, 1000, NULL,
      N_ ("How many of the backups that the server has made by itself are kept; older ones are "
          "removed.") },
  [SETTING_BACKUP_PROVE]
  = { "backup.prove", SETTING_CHOICE, "yes", 0, 0, no_yes_choices,
      N_ ("Whether each backup that the server makes by itself is restored into a temporary folder "
          "and checked there, mail by mail.") },
  [SETTING_PREFLIGHT_OUTSIDE]
  = { "preflight.outside", SETTING_TEXT, "", 0, 1024, NULL,
      N_ ("Mail servers of others, such as mx.example.com:25, at which the pre-flight tries whether "
          "mail can leave; empty: those of well-known domains.") },
  [SETTING_PREFLIGHT_CLOCK]
  = { "preflight.clock", SETTING_TEXT, "pool.ntp.org", 0, 255, NULL,
      N_ ("The time server (NTP) with which the pre-flight compares this machine's clock; empty: "
          "it is not compared.") },
  [SETTING_LOG_LEVEL] = { "log.level", SETTING_CHOICE, "info", 0, 0, level_choices,
                          N_ ("Events below this level are not logged.") },
};

static gint64 numbers[SETTING_COUNT]; /* atomic */
/* Interned, so that a reader never holds a freed text; an administrator's changes are few. */
static const char *texts[SETTING_COUNT]; /* atomic */

const SettingInfo *
setting_info (Setting setting)
{
  return &table[setting];
}

int
setting_find (const char *key)
{
  for (int i = 0; i < SETTING_COUNT; i++)
    if (strcmp (table[i].key, key) == 0)
      return i;
  return -1;
}

typedef struct {
  const char *suffix;
  gint64 factor;
} Unit;

/* Digits and at most one of UNITS. */
static gboolean
parse_with_unit (const char *text, const Unit *units, gint64 *value)
{
  char *end;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  guint64 digits = g_ascii_strtoull (text, &end, 10);
  while (*end == ' ')
    end++;
  for (; units->suffix != NULL; units++)
    if (g_ascii_strcasecmp (end, units->suffix) == 0) {
      if (digits > (guint64)(G_MAXINT64 / units->factor))
        return FALSE;
      *value = (gint64)digits * units->factor;
      return TRUE;
    }
  return FALSE;
}

gboolean
size_parse (const char *text, gint64 *bytes)
{
  static const Unit units[]
      = { { "", 1 },      { "B", 1 },    { "K", KIB },   { "KB", KIB },  { "KiB", KIB },
          { "M", MIB },   { "MB", MIB }, { "MiB", MIB }, { "G", GIB },   { "GB", GIB },
          { "GiB", GIB }, { "T", TIB },  { "TB", TIB },  { "TiB", TIB }, { NULL, 0 } };
  return parse_with_unit (text, units, bytes);
}

gboolean
seconds_parse (const char *text, gint64 *seconds)
{
  static const Unit units[]
      = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", DAY }, { NULL, 0 } };
  return parse_with_unit (text, units, seconds);
}

static gboolean
number_parse (const char *text, gint64 *number)
{
  static const Unit units[] = { { "", 1 }, { NULL, 0 } };
  return parse_with_unit (text, units, number);
}

static gboolean
choice_parse (const SettingInfo *info, const char *text, gint64 *index)
{
  for (gint64 i = 0; info->choices[i] != NULL; i++)
    if (strcmp (info->choices[i], text) == 0) {
      *index = i;
      return TRUE;
    }
  return FALSE;
}

/* Sizes and times in the unit in which they can be said shortest. */
static char *
print_value (SettingType type, gint64 value)
{
  static const Unit sizes[]
      = { { "T", TIB }, { "G", GIB }, { "M", MIB }, { "K", KIB }, { "", 1 }, { NULL, 0 } };
  static const Unit times[] = { { "d", DAY }, { "h", 3600 }, { "m", 60 }, { "s", 1 }, { NULL, 0 } };
  static const Unit plain[] = { { "", 1 }, { NULL, 0 } };
  const Unit *unit = type == SETTING_SIZE ? sizes : type == SETTING_SECONDS ? times : plain;

  while (unit->factor > 1 && (value == 0 || value % unit->factor != 0))
    unit++;
  return g_strdup_printf ("%" G_GINT64_FORMAT "%s", value / unit->factor, unit->suffix);
}

static void
set_type_error (const SettingInfo *info, const char *text, GError **error)
{
  g_autofree char *choices = info->choices ? g_strjoinv (", ", (char **)info->choices) : NULL;

  switch (info->type) {
  case SETTING_NUMBER:
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("%s must be a whole number, not “%s”."), info->key, text);
    break;
  case SETTING_SIZE:
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("%s must be a size such as 512K, 50M or 2G, not “%s”."), info->key, text);
    break;
  case SETTING_SECONDS:
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("%s must be a time such as 30s, 5m, 2h or 14d, not “%s”."), info->key, text);
    break;
  case SETTING_CHOICE:
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("%s must be one of %s, not “%s”."), info->key, choices, text);
    break;
  case SETTING_TEXT:
  case SETTING_SECRET:
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("%s must be a line of text in UTF-8."), info->key);
    break;
  }
}

static gboolean
is_one_line (const char *text)
{
  for (const char *at = text; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return g_utf8_validate (text, -1, NULL);
}

static gboolean
parse (const SettingInfo *info, const char *text, gint64 *value)
{
  switch (info->type) {
  case SETTING_NUMBER:
    return number_parse (text, value);
  case SETTING_SIZE:
    return size_parse (text, value);
  case SETTING_SECONDS:
    return seconds_parse (text, value);
  case SETTING_CHOICE:
    return choice_parse (info, text, value);
  case SETTING_TEXT:
  case SETTING_SECRET:
    *value = (gint64)strlen (text);
    return is_one_line (text);
  }
  return FALSE;
}

static gboolean
check_value (const SettingInfo *info, const char *text, gint64 *value, GError **error)
{
  if (!parse (info, text, value)) {
    set_type_error (info, text, error);
    return FALSE;
  }
  if (info->type != SETTING_CHOICE && (*value < info->least || *value > info->most)) {
    g_autofree char *least = print_value (info->type, info->least);
    g_autofree char *most = print_value (info->type, info->most);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 info->type >= SETTING_TEXT ? _ ("%s must be from %s to %s bytes long.")
                                            : _ ("%s must be from %s to %s."),
                 info->key, least, most);
    return FALSE;
  }
  return info->check == NULL || info->check (text, error);
}

static void
publish (Setting setting, const char *text, gint64 value)
{
  g_atomic_pointer_set (&texts[setting], g_intern_string (text));
  __atomic_store_n (&numbers[setting], value, __ATOMIC_RELAXED);
}

static void
load_defaults (void)
{
  static gsize loaded;

  if (!g_once_init_enter (&loaded))
    return;
  for (Setting i = 0; i < SETTING_COUNT; i++) {
    gint64 value;
    gboolean valid = check_value (&table[i], table[i].default_text, &value, NULL);
    g_assert (valid);
    publish (i, table[i].default_text, value);
  }
  g_once_init_leave (&loaded, 1);
}

gint64
setting_number (Setting setting)
{
  load_defaults ();
  return __atomic_load_n (&numbers[setting], __ATOMIC_RELAXED);
}

char *
setting_text (Setting setting)
{
  load_defaults ();
  return g_strdup (g_atomic_pointer_get (&texts[setting]));
}

gboolean
setting_check (Setting setting, const char *text, GError **error)
{
  gint64 value;

  return check_value (&table[setting], text, &value, error);
}

gboolean
setting_set (Setting setting, const char *text, GError **error)
{
  gint64 value;

  load_defaults ();
  if (!check_value (&table[setting], text, &value, error))
    return FALSE;
  publish (setting, text, value);
  return TRUE;
}
