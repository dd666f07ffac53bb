/* The section of BODY[…] (RFC 9051 §6.4.5): reading it from a command, naming it in an answer, and
 * finding its bytes. */
#pragma once
#include "imap/imap-parser.h"
#include "mail/summary.h"

#define IMAP_SECTION_DEPTH_MAX 100
#define IMAP_SECTION_FIELDS_MAX 1000

typedef enum {
  IMAP_SECTION_ALL, /* BODY[] or BODY[1.2] */
  IMAP_SECTION_HEADER,
  IMAP_SECTION_FIELDS, /* HEADER.FIELDS */
  IMAP_SECTION_FIELDS_NOT,
  IMAP_SECTION_TEXT,
  IMAP_SECTION_MIME,
} ImapSectionKind;

typedef struct {
  ImapSectionKind kind;
  GArray *numbers; /* guint */
  GPtrArray *fields; /* char *, as the client wrote them */
  gboolean partial;
  guint64 offset, length; /* of <offset.length> */
  gboolean marks_seen; /* BODY[], not BODY.PEEK[] */
  gboolean binary; /* BINARY[…]: decoded */
  gboolean size; /* BINARY.SIZE[…] */
  const char *alias; /* "RFC822.HEADER" …: how the answer names it, or NULL */
} ImapSection;

void imap_section_free (ImapSection *section);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapSection, imap_section_free)

/* "[" … "]" and "<offset.length>", after "BODY" or "BODY.PEEK". NULL: malformed. */
ImapSection *imap_section_parse (ImapParser *parser, gboolean marks_seen);
/* The same after "BINARY", "BINARY.PEEK" or, with SIZE, "BINARY.SIZE" (RFC 9051 §6.4.5). */
ImapSection *imap_section_parse_binary (ImapParser *parser, gboolean marks_seen, gboolean size);
/* "RFC822", "RFC822.HEADER", "RFC822.TEXT". */
ImapSection *imap_section_new_alias (const char *alias, ImapSectionKind kind, gboolean marks_seen);
/* "BODY[HEADER.FIELDS (From)]<0>", as it stands in the answer. */
void imap_section_print (const ImapSection *section, GString *out);

/* The range in a message of SIZE bytes that the section stands for, before partial; for FIELDS
 * kinds the header to choose from. FALSE: there is no such part. */
gboolean imap_section_range (const ImapSection *section, Summary *summary, guint64 size,
                             ByteRange *range);
gboolean imap_section_chooses_fields (const ImapSection *section);
/* The fields chosen from a header, with the empty line at the end. */
GByteArray *imap_section_choose (const ImapSection *section, const guint8 *header, gsize length);
/* Cuts a range to what <offset.length> asks for; beyond the end is empty. */
void imap_section_cut (const ImapSection *section, ByteRange *range);
