/* IDLE (RFC 9051 §6.3.13): what the session's events need to know of it. */
#pragma once
#include "imap/imap-state.h"

void imap_idle_timed_out (ImapSession *self);
/* The watch has fired. */
void imap_idle_wake (ImapSession *self);
