/* Apple's configuration profiles (.mobileconfig): a property list, signed (CMS, RFC 5652), with
 * which an iPhone, an iPad or a Mac sets up its mail. Never with a password in it. */
#pragma once
#include "configuration.h"
#include <openssl/ssl.h>

typedef struct {
  const Configuration *configuration;
  const char *domain;
  const char *address; /* NULL: the device asks for it */
  const char *name; /* of the person, or NULL */
} MobileProfile;

/* The property list, in the thread's language; free with g_free. For the same person the same identifiers, so that a newer
 * profile takes the older one's place. NULL: nothing is offered that a device could use. */
char *mobile_profile_write (const MobileProfile *profile);
/* TEXT inside a signature by the certificate that SSL shows, with its chain (DER). */
GBytes *mobile_profile_sign (SSL *ssl, const char *text, GError **error);
