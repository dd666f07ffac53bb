/* A table of accounts: how many sessions each has, and when the last one began. */
#include "pop3/pop3-door.h"

#include "settings.h"

#define VISITORS_MAX 20000 /* rows that are kept for the delay alone */

typedef struct {
  gint64 account; /* the table's key */
  guint sessions;
  gint64 entered; /* last time; monotonic */
} Visitor;

struct _Pop3Door {
  GMutex lock;
  GHashTable *visitors; /* Visitor.account → Visitor */
};

Pop3Door *
pop3_door_new (void)
{
  Pop3Door *self = g_new0 (Pop3Door, 1);

  g_mutex_init (&self->lock);
  self->visitors = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

void
pop3_door_free (Pop3Door *self)
{
  g_hash_table_unref (self->visitors);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gint64
delay (void)
{
  return setting_number (SETTING_POP3_LOGIN_DELAY) * G_USEC_PER_SEC;
}

static gboolean
is_past (gpointer key, gpointer value, gpointer now)
{
  const Visitor *visitor = value;

  return visitor->sessions == 0 && *(gint64 *)now - visitor->entered >= delay ();
}

static Visitor *
visitor_of (Pop3Door *self, gint64 account, gint64 now)
{
  Visitor *visitor = g_hash_table_lookup (self->visitors, &account);

  if (visitor != NULL)
    return visitor;
  if (g_hash_table_size (self->visitors) >= VISITORS_MAX)
    g_hash_table_foreach_remove (self->visitors, is_past, &now);
  visitor = g_new0 (Visitor, 1);
  visitor->account = account;
  visitor->entered = G_MININT64 / 2;
  g_hash_table_insert (self->visitors, &visitor->account, visitor);
  return visitor;
}

Pop3DoorAnswer
pop3_door_enter (Pop3Door *self, gint64 account, gint64 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Visitor *visitor = visitor_of (self, account, now);

  if (visitor->sessions > 0 && setting_number (SETTING_POP3_EXCLUSIVE) != 0)
    return POP3_DOOR_IN_USE;
  if (now - visitor->entered < delay ())
    return POP3_DOOR_TOO_SOON;
  visitor->sessions++;
  visitor->entered = now;
  return POP3_DOOR_OPEN;
}

void
pop3_door_leave (Pop3Door *self, gint64 account)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Visitor *visitor = g_hash_table_lookup (self->visitors, &account);

  g_assert (visitor != NULL && visitor->sessions > 0);
  visitor->sessions--;
  if (visitor->sessions == 0 && delay () == 0)
    g_hash_table_remove (self->visitors, &account);
}
