/* A mail's life in plain words, in both languages. */
#include "admin/trace-words.h"
#include "archive/history.h"
#include "language.h"
#include <string.h>

#define BERT "\"recipient\":\"bert@b.example\""

static const struct {
  const char *line, *english, *german;
} rows[] = {
  { "{\"what\":\"taken\",\"address\":\"192.0.2.7\"}", "The server 192.0.2.7 brought it.",
    "Der Server 192.0.2.7 hat sie gebracht." },
  { "{\"what\":\"taken\",\"address\":\"192.0.2.7\",\"user\":\"anna@a.example\"}",
    "anna@a.example handed it in from 192.0.2.7.",
    "anna@a.example hat sie von 192.0.2.7 aus eingereicht." },
  { "{\"what\":\"refused\",\"reply\":\"550 no\"}", "It was refused: 550 no",
    "Sie wurde abgewiesen: 550 no" },
  { "{\"what\":\"refused\",\"reply\":\"550 no\"," BERT "}",
    "It was refused for bert@b.example: 550 no",
    "Sie wurde für bert@b.example abgewiesen: 550 no" },
  { "{\"what\":\"delivered\"," BERT "}", "It is in the mailbox of bert@b.example.",
    "Sie liegt im Postfach von bert@b.example." },
  { "{\"what\":\"sent\",\"host\":\"mx.b.example\",\"reply\":\"250 ok\"," BERT "}",
    "mx.b.example took it for bert@b.example: 250 ok",
    "mx.b.example hat sie für bert@b.example angenommen: 250 ok" },
  { "{\"what\":\"failed\",\"reply\":\"no route\"," BERT "}",
    "It cannot be delivered to bert@b.example: no route",
    "Sie kann bert@b.example nicht zugestellt werden: no route" },
  { "{\"what\":\"failed\",\"host\":\"mx.b.example\",\"reply\":\"550 no\"," BERT "}",
    "It cannot be delivered to bert@b.example: mx.b.example: 550 no",
    "Sie kann bert@b.example nicht zugestellt werden: mx.b.example: 550 no" },
  { "{\"what\":\"queued\"," BERT "}", "It waits to be sent to bert@b.example.",
    "Sie wartet auf den Versand an bert@b.example." },
  /* A text with a % stays as it is; what is missing or no text is empty. */
  { "{\"what\":\"refused\",\"reply\":\"%s %n\"}", "It was refused: %s %n",
    "Sie wurde abgewiesen: %s %n" },
  { "{\"what\":\"queued\",\"recipient\":7}", "It waits to be sent to .",
    "Sie wartet auf den Versand an ." },
  /* Of a newer server. */
  { "{\"what\":\"teleported\"}", "teleported", "teleported" },
  { "{}", "", "" },
};

static char *
say (const char *text, Speech speech)
{
  json_t *line = json_loads (text, 0, NULL);
  const Speech before = language_speak (speech);
  char *words = trace_words (line);

  language_speak (before);
  json_decref (line);
  return words;
}

static void
test_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *english = say (rows[i].line, SPEAK_ENGLISH);
    g_autofree char *german = say (rows[i].line, SPEAK_GERMAN);
    g_assert_cmpstr (english, ==, rows[i].english);
    g_assert_cmpstr (german, ==, rows[i].german);
  }
}

/* Whatever the history can hold has its sentence, in both languages. */
static void
test_every_kind (void)
{
  for (guint i = 0; i < HISTORY_KIND_COUNT; i++) {
    const char *name = history_kind_name ((HistoryKind)i);
    g_autofree char *line
        = g_strdup_printf ("{\"what\":\"%s\"," BERT ",\"address\":\"192.0.2.7\"}", name);
    g_autofree char *english = say (line, SPEAK_ENGLISH);
    g_autofree char *german = say (line, SPEAK_GERMAN);

    g_test_message ("%s: %s", name, english);
    g_assert_cmpstr (english, !=, name);
    g_assert_cmpstr (german, !=, english);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace-words/words", test_words);
  g_test_add_func ("/trace-words/every-kind", test_every_kind);
  return g_test_run ();
}
