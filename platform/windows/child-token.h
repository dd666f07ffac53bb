/* What a child is allowed to be. */
#pragma once
#include <windows.h>
#include <gio/gio.h>

/* Our own token without privileges, of low integrity, for which our account and the administrators
 * are only names that may be denied something: what is ours alone is closed to it. NULL with ERROR;
 * to be closed. */
HANDLE child_token_new (GError **error);
