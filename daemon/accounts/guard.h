/* Bans addresses that guess passwords. What counts is how many different names and passwords were
 * wrong within an hour, whatever the protocol. Networks of SETTING_BAN_EXEMPT_NETWORKS are never
 * banned, nor are addresses from where somebody has signed on lately: behind one address may sit a
 * whole office. Bans and good addresses outlive a restart. Thread-safe. */
#pragma once
#include "accounts/bans.h"
#include "store/store.h"

typedef struct _Guard Guard;

Guard *guard_new (Store *store);
Guard *guard_ref (Guard *guard);
void guard_unref (Guard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guard, guard_unref)

/* What was kept. Once, at the start. */
gboolean guard_load (Guard *guard, GError **error);
/* Writes what has changed, and from now on nothing more: the store may close. Main thread. */
void guard_close (Guard *guard);

gboolean guard_refuses (Guard *guard, GInetAddress *peer);
/* The same for an address in text; what is none is not banned. */
gboolean guard_refuses_text (Guard *guard, const char *peer);

/* A sign-on from PEER was wrong. SECRET: what was shown as the password; it is not kept. */
void guard_guessed (Guard *guard, const char *peer, const char *user, const char *secret);
/* Somebody has signed on from PEER. */
void guard_welcomed (Guard *guard, const char *peer);

/* By hand. SECONDS 0: until it is lifted. ADDRESS as of network_parse; else
 * G_IO_ERROR_INVALID_ARGUMENT. They wait until the change is on the disk. */
gboolean guard_ban (Guard *guard, const char *address, gint64 seconds, GError **error);
/* G_IO_ERROR_NOT_FOUND: it is not banned. What was guessed from there is forgotten too. */
gboolean guard_lift (Guard *guard, const char *address, GError **error);
gboolean guard_lift_all (Guard *guard, GError **error);
/* Those that hold, the newest first: GArray of Ban. Also brings the metric up to date. */
GArray *guard_list (Guard *guard);
