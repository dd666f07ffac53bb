/* The beginning of what a person would read of a message (RFC 8970 §3.3). */
#pragma once
#include "mail/mime.h"

#define PREVIEW_MAX 200 /* characters */

/* One line of plain UTF-8; "" when there is nothing to show (encrypted mail, only attachments).
 * ROOT lies in MESSAGE. Cost is bounded, whatever the message's size. */
char *preview_new (const guint8 *message, const MimePart *root);
