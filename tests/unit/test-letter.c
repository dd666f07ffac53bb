/* Tests of daemon/queue/letter.c. */
#include "queue/letter.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include <string.h>

static const struct {
  guint indent;
  const char *words, *lines;
} paragraphs[] = {
  { 0, "One word", "One word\r\n" },
  { 0, "", "" },
  { 4, " \r\n ", "" },
  { 4, "a  b", "    a b\r\n" },
  { 2, "one\r\nBcc: two\n\n.\rthree\x01 four\x7f", "  one Bcc: two . three four\r\n" },
  { 0, "This line has seventy-six columns, neither more nor fewer, as one can count. This is next.",
    "This line has seventy-six columns, neither more nor fewer, as one can count.\r\n"
    "This is next.\r\n" },
  { 1, "This line has seventy-six columns, neither more nor fewer, as one can count. This is next.",
    " This line has seventy-six columns, neither more nor fewer, as one can\r\n"
    " count. This is next.\r\n" },
  /* Columns are characters. */
  { 0, "ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÖÖÖÖÖÖÖÖÖÖ Ü",
    "ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÄÄÄÄÄÄÄÄÄÄ ÖÖÖÖÖÖÖÖÖÖ\r\n"
    "Ü\r\n" },
  { 2, "not UTF-8: \xe4\xff", "  not UTF-8: \xef\xbf\xbd\xef\xbf\xbd\r\n" },
};

static void
test_paragraph (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (paragraphs); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    letter_paragraph (text, paragraphs[i].indent, paragraphs[i].words);
    g_assert_cmpstr (text->str, ==, paragraphs[i].lines);
  }
}

/* A word that is longer than a line is not cut, and takes nobody with it. */
static void
test_long_word (void)
{
  g_autofree char *word = g_strnfill (200, 'x');
  g_autofree char *words = g_strconcat ("a ", word, " b", NULL);
  g_autofree char *lines = g_strconcat ("    a\r\n    ", word, "\r\n    b\r\n", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  letter_paragraph (text, 4, words);
  g_assert_cmpstr (text->str, ==, lines);
}

/* One that is longer than a line may be is cut between characters. */
static void
test_endless_word (void)
{
  g_autoptr (GString) word = g_string_new (NULL), text = g_string_new (NULL);

  for (guint i = 0; i < 3000; i++)
    g_string_append (word, "ü");
  letter_paragraph (text, 4, word->str);
  g_auto (GStrv) lines = g_strsplit (text->str, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (lines), >, 6);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (strlen (lines[i]), <=, 998);
  g_assert_true (g_utf8_validate (text->str, -1, NULL));
}

static char *
begin (const char *subject, Language language)
{
  const Letter letter = { "Hauspost",       "mail.example.com", "anna@example.com", subject,
                          "auto-generated", language,           1780000000 };
  GString *text = g_string_new (NULL);

  letter_begin (text, &letter);
  return g_string_free (text, FALSE);
}

static void
test_fields (void)
{
  g_autofree char *english = begin ("S", LANGUAGE_ENGLISH);
  g_autofree char *german = begin ("S", LANGUAGE_GERMAN);

  g_assert_true (g_str_has_prefix (english,
                                   "Return-Path: <>\r\nDate: Thu, 28 May 2026 "
                                   "20:26:40 +0000\r\n"
                                   "From: Hauspost <mailer-daemon@mail.example.com>\r\n"
                                   "To: <anna@example.com>\r\n"
                                   "Subject: =?UTF-8?B?Uw==?=\r\nMessage-ID: <"));
  g_assert_true (g_str_has_suffix (english,
                                   "@mail.example.com>\r\nAuto-Submitted: auto-generated"
                                   "\r\nMIME-Version: 1.0\r\nContent-Language: en\r\n"));
  g_assert_true (g_str_has_suffix (german, "Content-Language: de\r\n"));
}

/* Of any length: an encoded word has 75 characters at most, its line 76, and holds whole characters
 * (RFC 2047 §2, §5). */
static void
test_subject (void)
{
  static const char *const subjects[] = {
    "",
    "The certificate for a-rather-long-name.of-a-department.of-an-office.example expires soon",
    "Ä Ö Ü äöüß€ Ä Ö Ü äöüß€ Ä Ö Ü äöüß€ Ä Ö Ü äöüß€ Ä Ö Ü äöüß€ Ä Ö Ü äöüß€ Ä Ö Ü äöüß€",
    "injected\r\nBcc: everybody@example.com",
  };

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++) {
    g_autofree char *text = begin (subjects[i], LANGUAGE_ENGLISH);
    g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);
    HeaderField field;
    g_assert_true (header_find ((const guint8 *)text, strlen (text), "Subject", &field));
    g_autofree char *value = header_unfold ((const guint8 *)text, &field);
    g_autofree char *decoded = encoded_words_decode (value);
    if (strchr (subjects[i], '\r') == NULL)
      g_assert_cmpstr (decoded, ==, subjects[i]);
    g_assert_null (strstr (text, "\nBcc"));
    for (guint j = 0; lines[j]; j++) {
      g_assert_cmpuint (strlen (lines[j]), <=, 76);
      g_assert_true (g_utf8_validate (lines[j], -1, NULL));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/letter/paragraph", test_paragraph);
  g_test_add_func ("/letter/long-word", test_long_word);
  g_test_add_func ("/letter/endless-word", test_endless_word);
  g_test_add_func ("/letter/fields", test_fields);
  g_test_add_func ("/letter/subject", test_subject);
  return g_test_run ();
}
