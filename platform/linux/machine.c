/* The machine's name: what /etc/hosts or the DNS make of the host name. */
#include "platform/machine.h"
#include <glib.h>
#include <netdb.h>
#include <unistd.h>

#define NAME_MOST 255 /* octets, RFC 1035 §2.3.4 */

char *
machine_name (void)
{
  static const struct addrinfo hints = { .ai_flags = AI_CANONNAME, .ai_socktype = SOCK_STREAM };
  char name[NAME_MOST + 1] = "";
  struct addrinfo *found = NULL;
  char *full = NULL;

  if (gethostname (name, NAME_MOST) != 0 || *name == '\0')
    return NULL;
  if (getaddrinfo (name, NULL, &hints, &found) == 0) {
    full = g_strdup (found->ai_canonname);
    freeaddrinfo (found);
  }
  return full != NULL ? full : g_strdup (name);
}
