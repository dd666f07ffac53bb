/* Who may open which maildrop now: one session at a time when SETTING_POP3_EXCLUSIVE says so, and
 * not before SETTING_POP3_LOGIN_DELAY is over (RFC 2449 §6.5). Thread-safe. */
#pragma once
#include <glib.h>

typedef struct _Pop3Door Pop3Door;
Pop3Door *pop3_door_new (void);
void pop3_door_free (Pop3Door *door);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pop3Door, pop3_door_free)

typedef enum { POP3_DOOR_OPEN, POP3_DOOR_IN_USE, POP3_DOOR_TOO_SOON } Pop3DoorAnswer;
/* POP3_DOOR_OPEN: counted until pop3_door_leave. NOW is monotonic (g_get_monotonic_time). */
Pop3DoorAnswer pop3_door_enter (Pop3Door *door, gint64 account, gint64 now);
void pop3_door_leave (Pop3Door *door, gint64 account);
