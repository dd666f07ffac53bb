/* Lets every file operation of a store's day fail in turn, as a full disk and as a broken one, once
 * and for good: nothing that was acknowledged is lost, and the store works again when the disk
 * does.
 */
#include "disk.h"
#include "load.h"
#include "platform/file.h"

static int every = 1;
static char *only;

static const GOptionEntry options[] = {
  { "every", 0, 0, G_OPTION_ARG_INT, &every, "only each N-th operation", "N" },
  { "only", 0, 0, G_OPTION_ARG_STRING, &only, "one fault",
    "\"KIND NUMBER full|broken once|lasting\"" },
  { 0 },
};

typedef struct {
  char *folder, *root, *acks;
  guint runs, refused, failed;
} Sweep;

static void
fault_over (void)
{
  trace_fault (NULL);
}

static void
complain (Sweep *self, const char *name, const char *what)
{
  g_print ("# %s: %s\n", name, what);
  self->failed++;
}

/* A store that cannot even be opened is refused in a clear sentence, and opens when the disk is
 * well. */
static gboolean
live_through (Sweep *self, const char *name, const Fault *fault)
{
  Load load = { .root = self->root, .acks = self->acks, .users = 2, .seed = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  trace_fault (fault);
  if (load_once (&load, fault_over, &error))
    return TRUE;
  if (!trace_fault_struck ())
    complain (self, name, error->message);
  fault_over ();
  self->refused++;
  if (load_once (&load, fault_over, &again))
    return TRUE;
  complain (self, name, again->message);
  return FALSE;
}

static void
run_once (Sweep *self, const Fault *fault, const char *name)
{
  g_autoptr (GError) error = NULL;
  Verdict verdict = { 0 };
  gboolean lived;

  if (file_exists (self->root))
    folder_remove_all (self->root, NULL);
  g_assert_true (file_make_folder (self->root, &error));
  g_assert_true (g_file_set_contents (self->acks, "", 0, &error));
  g_assert_true (trace_start (self->root, NULL, &error));
  lived = live_through (self, name, fault);
  trace_stop ();
  self->runs++;
  if (lived && !load_verify (self->root, self->acks, G_MAXINT64, &verdict, &error))
    complain (self, name, error->message);
  if (verdict.problems > 0)
    complain (self, name, "acknowledged mail is lost, or the check is not clean");
}

static guint64 operations;

/* Those of the script; the rest of the life is without faults. */
static void
note_operations (void)
{
  operations = trace_operations ();
}

static guint64
count_operations (Sweep *self, FaultKind kind)
{
  Load load = { .root = self->root, .acks = self->acks, .users = 2, .seed = 1 };
  const Fault none = { .kinds = kind };
  g_autoptr (GError) error = NULL;

  if (file_exists (self->root))
    folder_remove_all (self->root, NULL);
  g_assert_true (file_make_folder (self->root, &error));
  g_assert_true (trace_start (self->root, NULL, &error));
  trace_fault (&none);
  g_assert_true (load_once (&load, note_operations, &error));
  trace_stop ();
  return operations;
}

static void
sweep (Sweep *self)
{
  static const struct {
    const char *name;
    FaultKind kind;
  } kinds[] = {
    { "open", FAULT_OPEN },
    { "write", FAULT_WRITE },
    { "sync", FAULT_SYNC },
    { "name", FAULT_NAME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    guint64 count = count_operations (self, kinds[i].kind);

    g_print ("# %s: %" G_GUINT64_FORMAT " operations\n", kinds[i].name, count);
    for (guint64 at = 1; at <= count; at += (guint64)every)
      for (guint way = 0; way < 4; way++) {
        Fault fault = { kinds[i].kind, at, way % 2 == 0, way >= 2 };
        g_autofree char *name
            = g_strdup_printf ("%s %" G_GUINT64_FORMAT " %s %s", kinds[i].name, at,
                               fault.full ? "full" : "broken", fault.lasting ? "lasting" : "once");

        run_once (self, &fault, name);
      }
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Sweep self = { 0 };

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  self.folder = g_dir_make_tmp ("fault-sweep-XXXXXX", NULL);
  self.root = g_build_filename (self.folder, "root", NULL);
  self.acks = g_build_filename (self.folder, "acks", NULL);
  g_print ("1..1\n");
  if (only != NULL) {
    Fault fault;

    g_assert_true (fault_parse (only, &fault));
    run_once (&self, &fault, only);
  } else {
    sweep (&self);
  }
  g_print ("%s 1 %u faults, %u of them kept the store from opening, %u harmed it\n",
           self.failed == 0 ? "ok" : "not ok", self.runs, self.refused, self.failed);
  folder_remove_all (self.folder, NULL);
  return self.failed == 0 ? 0 : 1;
}
