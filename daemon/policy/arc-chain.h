/* The sets of an Authenticated Received Chain, as they stand in a header (RFC 8617 §4). */
#pragma once
#include "policy/dkim-header.h"
#include "policy/dkim-signature.h"

#define ARC_SETS_MAX 50 /* §4.2.1 */

/* One ARC set: its three fields by number, -1 when there is none, and the seal's domain and key. */
typedef struct {
  int results, message, seal;
  DkimSignature *signature; /* of the seal */
  char *state; /* cv=, or NULL */
} ArcSet;

typedef struct {
  const DkimHeader *header;
  ArcSet sets[ARC_SETS_MAX + 1]; /* by instance, from 1 on */
  guint count;
  const char *problem; /* why it is no valid chain (§5.2 steps 1 to 3), a constant, or NULL */
} ArcChain;

/* HEADER outlives the chain. */
ArcChain *arc_chain_read (const DkimHeader *header);
void arc_chain_free (ArcChain *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArcChain, arc_chain_free)

/* The highest instance that any field of HEADER has, however broken the chain is; 0: none. */
guint arc_chain_highest (const DkimHeader *header);
/* A seal of INSTANCE says that the chain had failed (cv=fail). */
gboolean arc_chain_is_given_up (const DkimHeader *header, guint instance);

/* A field's value, unfolded. */
char *arc_chain_value (const ArcChain *self, int field);
/* The newest message signature; *PROBLEM as in dkim_signature_parse. */
DkimSignature *arc_chain_signature (const ArcChain *self, const char **problem);
/* Appends what that signature signs. */
void arc_chain_append_message (const ArcChain *self, const DkimSignature *signature, GString *out);
/* What the seal of INSTANCE signs (§5.1.1), when BEFORE holds all sets before its own; BEFORE grows
 * by that set, for the next one. */
GString *arc_chain_sealed (const ArcChain *self, guint instance, GString *before);
