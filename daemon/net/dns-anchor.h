/* The root's trust anchor, which we ship: from there libunbound keeps it up to date (RFC 5011). */
#pragma once
#include <gio/gio.h>

/* FOLDER/root.key, made when it is missing or empty; free with g_free. */
char *dns_anchor_prepare (const char *folder, GError **error);
