/* One message as it lies in a segment: header, frame index, checksum, frames. Written once and
 * never changed. It says enough of its message that a store can be rebuilt from segments alone.
 * Numbers are little-endian. Pure functions on bytes.
 *
 *   0 magic "HPm1" · 4 version u16 · 6 kind u16 · 8 header length u32 (all before the frames)
 *  12 frames u32 · 16 record length u64 · 24 message size u64 · 32 written i64 (seconds UTC)
 *  40 SHA-256 of the message · 72 elsewhere segment u64 · 80 elsewhere offset u64
 *  88 envelope, places, frame lengths (u32 each) · the header's checksum, 8 bytes · frames
 *
 * A string is its length u32 and its bytes. Envelope: u8 (there is one), sender, u32 count,
 * recipients. Places: u32 count of { account, mailbox, uid_validity u32, uid u32, flags u64,
 * date i64, zone i16, u32 count of keywords }. */
#pragma once
#include <gio/gio.h>

#define RECORD_MAGIC "HPm1"
#define RECORD_FIXED 88 /* bytes that say how long the header is */
#define RECORD_CHECKSUM 8
#define RECORD_HEADER_MAX (16 * 1024 * 1024)
#define FRAME_SIZE (256 * 1024) /* of the message, in each frame but the last */

typedef enum {
  RECORD_MESSAGE = 1,
  /* The places of a message whose record lies in another segment: big ones are written before
   * their places are known. Has no frames. */
  RECORD_PLACES = 2,
} RecordKind;

typedef struct {
  char *account, *mailbox;
  guint32 uid_validity, uid;
  guint64 flags;
  gint64 date;
  gint16 zone;
  char **keywords; /* those of the mailbox, in the order of their bits ("" is unused); or NULL */
} RecordPlace;

typedef struct {
  RecordKind kind;
  guint64 size; /* of the message */
  gint64 written;
  guint8 digest[32];
  guint64 elsewhere_segment, elsewhere_offset; /* RECORD_PLACES */
  char *sender; /* NULL: no envelope */
  char **recipients;
  GPtrArray *places; /* RecordPlace */
  guint32 *frames; /* stored length of each */
  guint32 frame_count;
  /* Set by record_parse. */
  guint64 header_length, length; /* LENGTH includes the header */
} Record;
Record *record_new (RecordKind kind);
void record_free (Record *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Record, record_free)
RecordPlace *record_copy_place (const RecordPlace *place);
void record_place_free (gpointer place);
void record_add_place (Record *record, const RecordPlace *place); /* copies */

/* The header, checksum included; the frames follow it. */
GByteArray *record_print (const Record *record);
/* How many bytes record_parse needs, told by the first RECORD_FIXED. FALSE: no record begins
 * here. */
gboolean record_measure (const guint8 *bytes, gsize length, guint64 *header_length);
/* NULL with G_IO_ERROR_INVALID_DATA when anything does not fit, the checksum included. */
Record *record_parse (const guint8 *bytes, gsize length, GError **error);
