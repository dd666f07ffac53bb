/* A short list of guesses for each address. */
#include "accounts/guesses.h"

#define FORGOTTEN_AFTER 3600
#define NETWORKS_MAX 10000

typedef struct {
  guint64 guess;
  gint64 last;
} Guess;

typedef struct {
  guint64 network; /* first, for g_int64_hash */
  gint64 last;
  GArray *guesses; /* Guess */
} Guesser;

struct _Guesses {
  GHashTable *guessers; /* Guesser, by itself */
};

static void
guesser_free (gpointer data)
{
  Guesser *self = data;

  g_array_unref (self->guesses);
  g_free (self);
}

Guesses *
guesses_new (void)
{
  Guesses *self = g_new0 (Guesses, 1);

  self->guessers = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, guesser_free);
  return self;
}

void
guesses_free (Guesses *self)
{
  g_hash_table_unref (self->guessers);
  g_free (self);
}

static gboolean
is_forgotten (gpointer key, gpointer value, gpointer now)
{
  return *(gint64 *)now - ((Guesser *)value)->last > FORGOTTEN_AFTER;
}

/* Room for one more. When all are fresh (an attack from many addresses) any ones go. */
static void
make_room (Guesses *self, gint64 now)
{
  GHashTableIter iter;

  if (g_hash_table_size (self->guessers) < NETWORKS_MAX
      || g_hash_table_foreach_remove (self->guessers, is_forgotten, &now) > 0)
    return;
  g_hash_table_iter_init (&iter, self->guessers);
  for (guint i = 0; i < NETWORKS_MAX / 16 && g_hash_table_iter_next (&iter, NULL, NULL); i++)
    g_hash_table_iter_remove (&iter);
}

static Guesser *
find_guesser (Guesses *self, guint64 network, gint64 now)
{
  Guesser *guesser = g_hash_table_lookup (self->guessers, &network);

  if (guesser == NULL) {
    make_room (self, now);
    guesser = g_new0 (Guesser, 1);
    guesser->network = network;
    guesser->guesses = g_array_new (FALSE, FALSE, sizeof (Guess));
    g_hash_table_add (self->guessers, guesser);
  }
  guesser->last = now;
  return guesser;
}

/* Where GUESS stands, or behind the last one; those of more than an hour ago go. */
static guint
find_guess (GArray *guesses, guint64 guess, gint64 now)
{
  guint found = G_MAXUINT, i = 0;

  while (i < guesses->len) {
    const Guess *at = &g_array_index (guesses, Guess, i);
    if (at->guess != guess && now - at->last > FORGOTTEN_AFTER) {
      g_array_remove_index (guesses, i);
      continue;
    }
    if (at->guess == guess)
      found = i;
    i++;
  }
  return found != G_MAXUINT ? found : guesses->len;
}

guint
guesses_add (Guesses *self, guint64 network, guint64 guess, gint64 now)
{
  Guesser *guesser = find_guesser (self, network, now);
  const guint index = find_guess (guesser->guesses, guess, now);

  if (index < guesser->guesses->len)
    g_array_index (guesser->guesses, Guess, index).last = now;
  else if (index < GUESSES_MOST)
    g_array_append_val (guesser->guesses, ((Guess) { guess, now }));
  return guesser->guesses->len;
}

void
guesses_forget (Guesses *self, guint64 network)
{
  g_hash_table_remove (self->guessers, &network);
}
