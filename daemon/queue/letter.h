/* What all mail from the server to a person is made of: the first fields of its header, and
 * paragraphs. Whoever writes one has said which language this thread speaks (language.h). */
#pragma once
#include "language.h"

typedef struct {
  const char *from; /* a name in ASCII; the address is mailer-daemon@HOSTNAME */
  const char *hostname;
  const char *recipient;
  const char *subject; /* in UTF-8, of any length */
  const char *submitted; /* RFC 3834 §5: "auto-generated", "auto-replied" */
  Language language; /* of the words */
  gint64 now; /* seconds, UTC */
} Letter;

/* From Return-Path to MIME-Version and Content-Language; Content-Type is still to come. */
void letter_begin (GString *text, const Letter *letter);
/* WORDS (UTF-8) in lines of 76 columns at most (unless a word is longer), each with INDENT blanks
 * before it and CR LF behind. Whatever blanks, line ends and control characters stand in WORDS,
 * they only part its words: a part may come from another server. */
void letter_paragraph (GString *text, guint indent, const char *words);
