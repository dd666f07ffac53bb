/* Finds mailboxes by the names that an account uses for them. */
#include "accounts/place.h"

void
place_free (Place *place)
{
  g_free (place->name);
  mailbox_free (place->mailbox);
  g_free (place);
}

static Place *
place_new_own (Mailbox *mailbox)
{
  Place *place = g_new0 (Place, 1);

  place->name = g_strdup (mailbox->name);
  place->mailbox = mailbox;
  place->rights = RIGHTS_ALL;
  place->own = TRUE;
  return place;
}

Place *
place_find (Database *database, gint64 account, const char *name, guint needed, GError **error)
{
  Mailbox *mailbox = mailbox_find (database, account, name, error);

  return mailbox ? place_new_own (mailbox) : NULL;
}

GPtrArray *
place_list (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) mailboxes = mailbox_list (database, account, error);
  GPtrArray *places = NULL;

  if (!mailboxes)
    return NULL;
  places = g_ptr_array_new_with_free_func ((GDestroyNotify)place_free);
  g_ptr_array_set_free_func (mailboxes, NULL);
  for (guint i = 0; i < mailboxes->len; i++)
    g_ptr_array_add (places, place_new_own (mailboxes->pdata[i]));
  return places;
}
