/* Whether this machine can be a mail server where it stands: each step with what was found and what
 * to do next. For jobs. */
#pragma once
#include "admin/dns-check.h"
#include "admin/jobs.h"
#include "configuration.h"
#include "store/store.h"

typedef enum {
  PREFLIGHT_WAITING,
  PREFLIGHT_RUNNING,
  PREFLIGHT_GOOD,
  PREFLIGHT_ATTENTION,
  PREFLIGHT_BAD,
  PREFLIGHT_UNKNOWN,
} PreflightState;

typedef struct {
  PreflightState state;
  char *text; /* what was found; NULL: nothing yet */
  const char *next; /* what to do, translated; or NULL */
  const char *page; /* of the control panel; or NULL */
  json_t *action; /* as in the overview; or NULL */
} PreflightFinding;

typedef struct _Preflight {
  Store *store;
  Dns *dns; /* NULL: there is none */
  BlockLists *lists; /* NULL: there are none */
  char *data, *hostname, *helo;
  char *relay; /* "" is none */
  char **listen[LISTEN_COUNT];
  char **outside; /* "HOST:PORT"; empty: those of well-known domains */
  char *clock; /* HOST[:PORT]; "" is none */
  Job *job; /* while it runs; else NULL */
  GPtrArray *server; /* DnsServerChecked: this server as others see it, once a step has looked */
} Preflight;
/* OUTSIDE: "HOST:PORT …"; OUTSIDE and HELO may be NULL: as settings and configuration say. */
Preflight *preflight_new (Store *store, Dns *dns, BlockLists *lists,
                          const Configuration *configuration, const char *outside,
                          const char *helo);
void preflight_free (gpointer preflight);

typedef struct {
  const char *id;
  const char *title; /* N_() */
  void (*run) (Preflight *self, PreflightFinding *finding);
} PreflightStep;
extern const PreflightStep preflight_steps[];
extern const guint preflight_step_count;

/* The job: {"steps": [{"id", "title", "state", "text", "next", "action", "page"}]}; kept as the
 * document PREFLIGHT. */
json_t *preflight_run (Job *job, gpointer preflight, GError **error);
#define PREFLIGHT "preflight"

/* preflight-network.c: each step that asks the network. */
void preflight_check_clock (Preflight *self, PreflightFinding *finding);
void preflight_check_dns (Preflight *self, PreflightFinding *finding);
void preflight_check_host (Preflight *self, PreflightFinding *finding);
void preflight_check_reverse_ipv4 (Preflight *self, PreflightFinding *finding);
void preflight_check_reverse_ipv6 (Preflight *self, PreflightFinding *finding);
void preflight_check_port_in (Preflight *self, PreflightFinding *finding);
void preflight_check_port_out (Preflight *self, PreflightFinding *finding);
void preflight_check_lists (Preflight *self, PreflightFinding *finding);
/* Sets what was found. TEXT is given away. */
void preflight_find (PreflightFinding *finding, PreflightState state, char *text, const char *next);
