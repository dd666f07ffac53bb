/* Peers as numbers, and lists of networks. */
#include "net/network.h"

#include <string.h>

struct _Networks {
  Setting setting;
  char *text; /* of the setting, that `masks` were made from */
  GPtrArray *masks; /* GInetAddressMask */
};

/* IPv4 lies where IPv6 has multicast, which never is a peer. */
#define IPV4 ((guint64)G_MAXUINT32 << 32)

static const guint8 mapped[12] = { [10] = 0xFF, [11] = 0xFF }; /* RFC 4291 §2.5.5.2 */

static guint64
read_number (const guint8 *bytes, guint count)
{
  guint64 number = 0;

  for (guint i = 0; i < count; i++)
    number = number << 8 | bytes[i];
  return number;
}

guint64
network_of (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_native_size (address) == 4)
    return IPV4 | read_number (bytes, 4);
  if (memcmp (bytes, mapped, sizeof mapped) == 0)
    return IPV4 | read_number (bytes + sizeof mapped, 4);
  return read_number (bytes, 8);
}

gboolean
network_parse (const char *text, guint64 *network)
{
  const char *slash = strchr (text, '/');
  g_autofree char *alone = slash ? g_strndup (text, (gsize)(slash - text)) : g_strdup (text);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (alone);
  gboolean is_v4;

  if (address == NULL)
    return FALSE;
  is_v4 = g_inet_address_get_native_size (address) == 4;
  if (slash && strcmp (slash, is_v4 ? "/32" : "/64") != 0)
    return FALSE;
  *network = network_of (address);
  return TRUE;
}

char *
network_print (guint64 network)
{
  const gboolean is_v4 = (network & IPV4) == IPV4;
  guint8 bytes[16] = { 0 };
  g_autoptr (GInetAddress) address = NULL;

  for (guint i = 0; i < 8; i++)
    bytes[i] = (guint8)(network >> (56 - 8 * i));
  address = is_v4 ? g_inet_address_new_from_bytes (bytes + 4, G_SOCKET_FAMILY_IPV4)
                  : g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (address);
}

Networks *
networks_new (Setting setting)
{
  Networks *self = g_new0 (Networks, 1);

  self->setting = setting;
  self->masks = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
networks_free (Networks *self)
{
  g_ptr_array_unref (self->masks);
  g_free (self->text);
  g_free (self);
}

static void
read_setting (Networks *self)
{
  g_autofree char *text = setting_text (self->setting);

  if (g_strcmp0 (text, self->text) == 0)
    return;
  g_auto (GStrv) words = g_strsplit_set (text, " ,\t\n", -1);
  g_ptr_array_set_size (self->masks, 0);
  for (guint i = 0; words[i] != NULL; i++) {
    /* The settings refuse what is no network; a value from elsewhere simply names nobody. */
    GInetAddressMask *mask
        = *words[i] != '\0' ? g_inet_address_mask_new_from_string (words[i], NULL) : NULL;
    if (mask != NULL)
      g_ptr_array_add (self->masks, mask);
  }
  g_free (self->text);
  self->text = g_steal_pointer (&text);
}

gboolean
networks_contain (Networks *self, GInetAddress *address)
{
  g_autoptr (GInetAddress) v4 = NULL;

  read_setting (self);
  if ((network_of (address) & IPV4) == IPV4 && g_inet_address_get_native_size (address) != 4)
    address = v4 = g_inet_address_new_from_bytes (g_inet_address_to_bytes (address) + 12,
                                                  G_SOCKET_FAMILY_IPV4);
  for (guint i = 0; i < self->masks->len; i++)
    if (g_inet_address_mask_matches (self->masks->pdata[i], address))
      return TRUE;
  return FALSE;
}
