/* What the table in imap-commands.c calls, one file a command (cmd-*.c). Each ends, at once or
 * later, with imap_session_finish. */
#pragma once
#include "imap/imap-state.h"

void imap_cmd_append (ImapSession *self, ImapParser *arguments);
void imap_cmd_authenticate (ImapSession *self, ImapParser *arguments);
void imap_cmd_capability (ImapSession *self, ImapParser *arguments);
void imap_cmd_close (ImapSession *self, ImapParser *arguments);
void imap_cmd_compress (ImapSession *self, ImapParser *arguments);
void imap_cmd_copy (ImapSession *self, ImapParser *arguments);
void imap_cmd_create (ImapSession *self, ImapParser *arguments);
void imap_cmd_delete (ImapSession *self, ImapParser *arguments);
void imap_cmd_enable (ImapSession *self, ImapParser *arguments);
void imap_cmd_deleteacl (ImapSession *self, ImapParser *arguments);
void imap_cmd_examine (ImapSession *self, ImapParser *arguments);
void imap_cmd_expunge (ImapSession *self, ImapParser *arguments);
void imap_cmd_fetch (ImapSession *self, ImapParser *arguments);
void imap_cmd_getacl (ImapSession *self, ImapParser *arguments);
void imap_cmd_getmetadata (ImapSession *self, ImapParser *arguments);
void imap_cmd_getquota (ImapSession *self, ImapParser *arguments);
void imap_cmd_getquotaroot (ImapSession *self, ImapParser *arguments);
void imap_cmd_id (ImapSession *self, ImapParser *arguments);
void imap_cmd_idle (ImapSession *self, ImapParser *arguments);
void imap_cmd_list (ImapSession *self, ImapParser *arguments);
void imap_cmd_listrights (ImapSession *self, ImapParser *arguments);
void imap_cmd_login (ImapSession *self, ImapParser *arguments);
void imap_cmd_logout (ImapSession *self, ImapParser *arguments);
void imap_cmd_lsub (ImapSession *self, ImapParser *arguments);
void imap_cmd_move (ImapSession *self, ImapParser *arguments);
void imap_cmd_myrights (ImapSession *self, ImapParser *arguments);
void imap_cmd_namespace (ImapSession *self, ImapParser *arguments);
void imap_cmd_notify (ImapSession *self, ImapParser *arguments);
void imap_cmd_noop (ImapSession *self, ImapParser *arguments);
void imap_cmd_rename (ImapSession *self, ImapParser *arguments);
void imap_cmd_replace (ImapSession *self, ImapParser *arguments);
void imap_cmd_search (ImapSession *self, ImapParser *arguments);
void imap_cmd_select (ImapSession *self, ImapParser *arguments);
void imap_cmd_setmetadata (ImapSession *self, ImapParser *arguments);
void imap_cmd_sort (ImapSession *self, ImapParser *arguments);
void imap_cmd_setacl (ImapSession *self, ImapParser *arguments);
void imap_cmd_starttls (ImapSession *self, ImapParser *arguments);
void imap_cmd_status (ImapSession *self, ImapParser *arguments);
void imap_cmd_store (ImapSession *self, ImapParser *arguments);
void imap_cmd_subscribe (ImapSession *self, ImapParser *arguments);
void imap_cmd_thread (ImapSession *self, ImapParser *arguments);
void imap_cmd_uidbatches (ImapSession *self, ImapParser *arguments);
void imap_cmd_unauthenticate (ImapSession *self, ImapParser *arguments);
void imap_cmd_unselect (ImapSession *self, ImapParser *arguments);
void imap_cmd_unsubscribe (ImapSession *self, ImapParser *arguments);
void imap_cmd_xlist (ImapSession *self, ImapParser *arguments);

/* Reads SP sequence-set of a command on the selected mailbox: GArray of ImapRun. NULL: it was
 * answered. */
GArray *imap_take_runs (ImapSession *self, ImapParser *arguments);
/* The same; *SET: as it was written (imap-set.h). */
GArray *imap_take_set (ImapSession *self, ImapParser *arguments, GArray **set);
/* SP and a mailbox name (UTF-8), to the end of the command when LAST. NULL: it was answered. */
char *imap_take_mailbox (ImapSession *self, ImapParser *arguments, gboolean last);
/* "* LIST (ATTRIBUTE) "/" NAME [("OLDNAME" (OLD))]", to a client that has enabled UTF-8 names. OLD
 * may be NULL. */
void imap_tell_name (ImapSession *self, const char *attribute, const char *name, const char *old);
