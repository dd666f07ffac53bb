/* BODY and BODYSTRUCTURE of a message (RFC 9051 §7.5.2). */
#pragma once
#include "mail/mime.h"

#define STRUCTURE_MAX (80 * 1024)

/* Appends the structure of PART, which lies in MESSAGE; EXTENDED: BODYSTRUCTURE, with extension
 * data. Once OUT is longer than STRUCTURE_MAX the rest is left out: a text that long is worth
 * nothing, and a hostile mail must not make us write more of it. */
void structure_append (GString *out, const guint8 *message, const MimePart *part,
                       gboolean extended);
