/* LOGIN (RFC 9051 §6.2.3). */
#include "imap/imap-commands.h"

#include <openssl/crypto.h>
#include <string.h>

#include "imap/imap-login.h"

static void
free_secret (char *secret)
{
  if (secret)
    OPENSSL_cleanse (secret, strlen (secret));
  g_free (secret);
}

void
imap_cmd_login (ImapSession *self, ImapParser *arguments)
{
  g_autofree char *user = NULL;
  char *password = NULL;

  if (!imap_session_may_log_in (self)) {
    imap_session_finish (self, IMAP_NO, "[PRIVACYREQUIRED] Passwords need TLS: use STARTTLS");
    return;
  }
  user = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;
  if (user && imap_parser_space (arguments))
    password = imap_parser_astring (arguments);
  if (password && imap_parser_at_end (arguments))
    imap_log_in (self, user, password);
  else
    imap_session_refuse (self);
  free_secret (password);
}
