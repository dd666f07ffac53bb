/* The message of an APPEND, which streams into a spool instead of the command's text. */
#pragma once
#include "imap/imap-state.h"

/* The input has come to the message's literal. */
void imap_append_begin (ImapSession *self);
void imap_append_free (ImapAppend *append);
