/* The certificate that a server shows whom nobody here knows yet. A person reads its fingerprint,
 * compares it with what the server says of itself (hauspost status), and trusts it from then on:
 * admin_client_new_remote takes it. Nothing but the TLS handshake is sent until then. */
#pragma once
#include <gio/gio.h>

typedef struct {
  char *fingerprint; /* SHA-256, 64 lower-case hexadecimal digits */
  char *names; /* "mail.example.com, localhost"; "" when it names none */
  gint64 not_before, not_after; /* seconds, UTC */
  gboolean is_expired;
} ServerCertificate;
void server_certificate_free (ServerCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServerCertificate, server_certificate_free)

/* Waits for ADDRESS ("mail.example.com:8420"), some seconds at most. G_IO_ERROR_CONNECTION_REFUSED:
 * nobody answers there; G_IO_ERROR_FAILED: it speaks no TLS, or there is no way to it. */
ServerCertificate *server_certificate_look (const char *address, GError **error);

/* In groups of four, four groups a line, for eyes that compare: "1A2B 3C4D …". NULL when TEXT is no
 * fingerprint; free with g_free. */
char *fingerprint_print (const char *text);
/* What a person has typed or pasted ("1a:2b:…", "1A2B 3C4D …") as 64 lower-case digits, or NULL. */
char *fingerprint_parse (const char *typed);
