/* BODY and BODYSTRUCTURE of a message (RFC 9051 §7.5.2). */
#pragma once
#include "mail/mime.h"

/* Appends the structure of PART, which lies in MESSAGE; EXTENDED: BODYSTRUCTURE, with extension
 * data. */
void structure_append (GString *out, const guint8 *message, const MimePart *part,
                       gboolean extended);
