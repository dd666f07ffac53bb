#include "mail/mime.h"
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Each part lies inside the one around it, behind the one before it. */
static void
check_part (const MimePart *part, gsize start, gsize end, guint depth)
{
  gsize body_end = part->body.offset + part->body.length;

  g_assert_true (depth <= MIME_DEPTH_MAX && part->lines <= part->body.length);
  g_assert_true (part->header.offset >= start && body_end <= end);
  g_assert_true (part->header.offset + part->header.length == part->body.offset);
  start = part->body.offset;
  for (guint i = 0; part->children != NULL && i < part->children->len; i++) {
    const MimePart *child = part->children->pdata[i];

    check_part (child, start, body_end, depth + 1);
    start = child->body.offset + child->body.length;
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (MimePart) root = mime_parse (data, size);

  check_part (root, 0, size, 0);
  g_assert_true (root->body.offset + root->body.length == size);
  return 0;
}
