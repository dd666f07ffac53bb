/* Counts the different wrong guesses that came from each address within an hour. The same one again
 * counts once: a mail program that repeats yesterday's password is no attack. Bounded. Not
 * thread-safe. */
#pragma once
#include <glib.h>

#define GUESSES_MOST 100 /* that are told apart for one address */

typedef struct _Guesses Guesses;
Guesses *guesses_new (void);
void guesses_free (Guesses *guesses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guesses, guesses_free)

/* GUESS: a number that stands for what was tried. NOW is in seconds. How many different ones there
 * are within the hour, this one included. */
guint guesses_add (Guesses *guesses, guint64 network, guint64 guess, gint64 now);
void guesses_forget (Guesses *guesses, guint64 network);
