/* Every setting is one line in one table (settings.c): key, type, default, range, help text. The
 * check at start, the admin API, the command line, the control panel and the documentation derive
 * from it. Values are kept in the store; the server loads them at start, and settings_set publishes
 * a change to all threads at once. Reading takes no lock and may happen in any thread. */
#pragma once
#include <glib.h>

typedef enum {
  SETTING_SMTP_MAX_MESSAGE_SIZE, /* bytes */
  SETTING_SMTP_MAX_RECIPIENTS,
  SETTING_SMTP_MAX_HOPS,
  SETTING_SMTP_BLOCK_LISTS, /* text: DNS zones, separated by blanks */
  SETTING_SMTP_GREYLIST, /* seconds until a client that is not known may come again, 0: off */
  SETTING_SMTP_GREET_DELAY, /* seconds that a client that is not known waits for the greeting */
  SETTING_PLAINTEXT_PASSWORDS, /* never, loopback, always: PlaintextPasswords */
  SETTING_IDLE_TIMEOUT_SMTP, /* seconds */
  SETTING_IDLE_TIMEOUT_IMAP, /* seconds, at least 1800 (RFC 9051 §5.4) */
  SETTING_IMAP_STILL_HERE, /* seconds */
  SETTING_IMAP_PROGRESS, /* seconds */
  SETTING_IMAP_UNAUTHENTICATE, /* 0: switched off (RFC 8437 §8) */
  SETTING_IDLE_TIMEOUT_POP3, /* seconds, at least 600 (RFC 1939 §3) */
  SETTING_POP3_LOGIN_DELAY, /* seconds between two logins of a user */
  SETTING_POP3_EXCLUSIVE, /* no, yes: one session a maildrop */
  SETTING_SCRAM, /* off, app-passwords, all: ScramPolicy */
  SETTING_BAN_AFTER, /* different wrong guesses within an hour; 0: nobody is banned */
  SETTING_BAN_TIME, /* seconds: the first ban of an address */
  SETTING_BAN_EXEMPT_NETWORKS, /* text: space-separated CIDR */
  SETTING_GOOD_ADDRESS_TIME, /* seconds a good sign-on spares its address */
  SETTING_CLIENT_CERTIFICATES, /* no, yes: TLS asks for one, and EXTERNAL takes it */
  SETTING_LOGIN_TIMEOUT, /* seconds a client has to authenticate */
  SETTING_CONNECTIONS_MAX,
  SETTING_CONNECTIONS_PER_ADDRESS,
  SETTING_CONNECTIONS_PER_USER_AND_ADDRESS,
  SETTING_BYTE_BUDGET, /* bytes held for all sessions together */
  SETTING_EXEMPT_NETWORKS, /* text: space-separated CIDR */
  SETTING_DETAIL_SEPARATOR, /* text: "" or one character */
  SETTING_QUOTA_DEFAULT, /* bytes, 0: none */
  SETTING_MESSAGES_MAX, /* of one user, 0: any number */
  SETTING_MAILBOXES_MAX, /* of one user */
  SETTING_DISK_RESERVE, /* bytes kept free: below it new mail gets 452 */
  SETTING_TOMBSTONE_RETENTION, /* seconds an expunged mail can be brought back */
  SETTING_USER_HOUR_RATE, /* recipients; 0: any number */
  SETTING_USER_DAY_RATE,
  SETTING_DOMAIN_HOUR_RATE,
  SETTING_DOMAIN_DAY_RATE,
  SETTING_FUTURE_RELEASE, /* seconds; 0: not offered */
  SETTING_BRAKE, /* BrakePolicy */
  SETTING_BRAKE_RECIPIENTS, /* outside, within an hour */
  SETTING_BRAKE_NEW_RECIPIENTS, /* of these, never written to before */
  SETTING_BRAKE_BOUNCES,
  SETTING_BRAKE_CALM_TIME, /* seconds since a user's first mail */
  SETTING_QUEUE_LIFETIME, /* seconds a mail is tried */
  SETTING_QUEUE_RETRY, /* seconds until the second attempt */
  SETTING_SRS_KEY, /* secret */
  SETTING_QUEUE_DELAY_NOTICE, /* seconds until its sender hears that a mail is late */
  SETTING_QUEUE_CONNECTIONS,
  SETTING_QUEUE_CONNECTIONS_PER_DOMAIN,
  SETTING_QUEUE_SOURCE_ADDRESSES, /* text: addresses */
  SETTING_QUEUE_ROUTES, /* text: DOMAIN=HOST[:PORT] … */
  SETTING_QUEUE_RELAY, /* text: "" or HOST[:PORT] */
  SETTING_QUEUE_RELAY_TLS, /* no, yes */
  SETTING_QUEUE_RELAY_USER, /* text */
  SETTING_QUEUE_RELAY_PASSWORD, /* secret */
  SETTING_LANGUAGE, /* Language */
  SETTING_DNS_FORWARDERS, /* text: "ADDRESS[@PORT] …"; "": own recursion */
  SETTING_AUTHENTICATION, /* no, yes: mail from other servers is checked by SPF, DKIM and DMARC */
  SETTING_AUTHENTICATION_POLICY, /* note, junk, reject: AuthenticationPolicy */
  SETTING_AUTHENTICATION_EXEMPT_NETWORKS, /* text: space-separated CIDR */
  SETTING_WEB_SIGN_IN, /* no, yes: people may sign in on the page */
  SETTING_WEB_SESSION_TIME, /* seconds */
  SETTING_MTA_STS, /* MtaStsMode (queue/mta-sts.h), of our own policy */
  SETTING_TRACE_TIME, /* seconds; 0: nothing is traced */
  SETTING_TRACE_SIZE, /* bytes */
  SETTING_AUTHENTICATION_SEALERS, /* text: domains, separated by blanks */
  SETTING_ACME_AGREE, /* no, yes: to the terms of service; certificates come by themselves then */
  SETTING_ACME_DIRECTORY, /* text: https://… */
  SETTING_ACME_EMAIL, /* text */
  SETTING_ACME_CHALLENGE, /* AcmeChallenge */
  SETTING_ACME_KEY, /* KeyKind */
  SETTING_ACME_NAMES, /* text: host names, separated by blanks */
  SETTING_ACME_EAB_KID, /* text */
  SETTING_ACME_EAB_KEY, /* secret */
  SETTING_ACME_DNS_SERVER, /* text: "" or ADDRESS[@PORT] */
  SETTING_ACME_DNS_KEY, /* secret: [ALGORITHM:]NAME:BASE64 */
  SETTING_ACME_DNS_WAIT, /* seconds */
  SETTING_ACME_CA_FILE, /* text: a file in PEM */
  SETTING_AUDIT_TIME, /* seconds; 0: for ever */
  SETTING_BACKUP_EVERY, /* seconds; 0: none by itself */
  SETTING_BACKUP_KEEP, /* of those made by itself */
  SETTING_BACKUP_PROVE, /* no, yes */
  SETTING_PREFLIGHT_OUTSIDE, /* text: "HOST:PORT …" */
  SETTING_PREFLIGHT_CLOCK, /* text: HOST[:PORT] */
  SETTING_LOG_LEVEL,
  SETTING_COUNT,
} Setting;

typedef enum {
  SETTING_NUMBER,
  SETTING_SIZE,
  SETTING_SECONDS,
  SETTING_CHOICE,
  SETTING_TEXT,
  SETTING_SECRET /* a text that nobody is shown */
} SettingType;

typedef enum { LANGUAGE_ENGLISH, LANGUAGE_GERMAN } Language;
typedef enum { BRAKE_OFF, BRAKE_HOLD, BRAKE_REFUSE } BrakePolicy;
typedef enum { SCRAM_OFF, SCRAM_APP_PASSWORDS, SCRAM_ALL } ScramPolicy;
typedef enum {
  AUTHENTICATION_NOTE,
  AUTHENTICATION_JUNK,
  AUTHENTICATION_REJECT
} AuthenticationPolicy;
typedef enum { PLAINTEXT_NEVER, PLAINTEXT_LOOPBACK, PLAINTEXT_ALWAYS } PlaintextPasswords;

typedef struct {
  const char *key; /* "smtp.max-message-size" */
  SettingType type;
  const char *default_text;
  gint64 least, most; /* SETTING_CHOICE: ignored; SETTING_TEXT, SETTING_SECRET: bounds of its length */
  const char *const *choices; /* SETTING_CHOICE only, NULL-terminated; the value is the index */
  const char *help; /* N_(): one sentence for a person */
  gboolean (*check) (const char *text, GError **error); /* more than the type can say, or NULL */
} SettingInfo;

const SettingInfo *setting_info (Setting setting);
/* -1 when no setting has that key. */
int setting_find (const char *key);

gint64 setting_number (Setting setting); /* bytes, seconds, a count or the index of the choice */
/* A copy of the value as it was set ("50M", "loopback"), whatever its type; free with g_free. */
char *setting_text (Setting setting);

/* Checks TEXT ("50M", "30s", "loopback") against the table and publishes it. Does not store it: the
 * admin API writes the store first. FALSE with a message a person understands. */
gboolean setting_check (Setting setting, const char *text, GError **error);
gboolean setting_set (Setting setting, const char *text, GError **error);

/* "4096", "64K", "50M", "2G", "1T" (of 1024); FALSE when TEXT is not a size. */
gboolean size_parse (const char *text, gint64 *bytes);
/* "90", "30s", "5m", "2h", "14d"; FALSE when TEXT is not a time. */
gboolean seconds_parse (const char *text, gint64 *seconds);
