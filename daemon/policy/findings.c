/* Brings SPF, iprev, DKIM, ARC and DMARC together (RFC 8601 §2.7). */
#include "policy/findings.h"
#include "policy/authentication-results.h"
#include <string.h>

void
findings_clear (Findings *self)
{
  g_clear_pointer (&self->spf, spf_verdict_free);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->message, dkim_message_free);
  g_clear_pointer (&self->arc, arc_verdict_free);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->dmarc, dmarc_verdict_free);
  self->dkim = NULL;
  self->voucher = NULL;
  self->policy = DMARC_POLICY_UNSET;
}

static void
update_envelope (Findings *self, const SpfQuery *query, Answers *answers)
{
  g_autoptr (GInetAddress) address = address_unmapped (query->address);

  if (self->spf == NULL)
    self->spf = spf_check (query, answers);
  if (self->names == NULL)
    self->names = iprev_names (address, answers, &self->iprev);
}

static void
read_mail (Findings *self, GBytes *mail)
{
  self->message = dkim_message_new (mail);
  self->author = dmarc_author_domain (dkim_message_header (self->message), &self->authors);
}

static gboolean
has_pass (const Findings *self)
{
  gboolean passed = self->spf->result == SPF_PASS;

  for (guint i = 0; i < self->dkim->len; i++)
    passed |= ((DkimVerdict *)self->dkim->pdata[i])->result == DKIM_PASS;
  return passed;
}

/* A mailing list passed it on, one that stands by it with a name of its own: lists change mail, so
 * that the author's signature breaks. */
static gboolean
is_from_list (const Findings *self)
{
  const DkimHeader *header = dkim_message_header (self->message);

  return has_pass (self)
      && (dkim_header_count (header, "List-Id") || dkim_header_count (header, "List-Post"));
}

/* A trusted forwarder has seen the mail when it was as its author had sent it (RFC 8617 §7.2.1).
 * And nothing is refused for p=reject alone (RFC 9989 §7.4): what was passed on goes to Junk. */
static DmarcPolicy
choose_policy (const Findings *self)
{
  const DmarcPolicy policy = self->dmarc->policy;

  if (policy > DMARC_POLICY_NONE && self->voucher)
    return DMARC_POLICY_NONE;
  if (policy == DMARC_POLICY_REJECT
      && (is_from_list (self) || self->arc->result == ARC_PASS || self->arc->temporary))
    return DMARC_POLICY_QUARANTINE;
  return policy;
}

gboolean
findings_update (Findings *self, const SpfQuery *query, GBytes *mail, Answers *answers)
{
  update_envelope (self, query, answers);
  if (mail == NULL)
    return FALSE;
  if (self->message == NULL)
    read_mail (self, mail);
  if (self->dkim == NULL)
    self->dkim = dkim_verify (self->message, answers, query->now);
  if (self->arc == NULL)
    self->arc = arc_check (self->message, answers, query->now);
  if (self->author)
    dmarc_ask (self->author, answers); /* together with the keys */
  if (self->spf && self->dkim && self->dmarc == NULL)
    self->dmarc = dmarc_check (self->author, self->spf, self->dkim, answers);
  if (self->dmarc && self->arc) {
    self->voucher = arc_voucher (self->arc, self->author, self->trusted ? self->trusted : "");
    self->policy = choose_policy (self);
  }
  return self->dmarc && self->arc && self->names;
}

static void
report_iprev (const Findings *self, const SpfQuery *query, GString *out)
{
  g_autoptr (GInetAddress) address = address_unmapped (query->address);
  g_autofree char *text = g_inet_address_to_string (address);

  authentication_results_add (out, "iprev", iprev_result_name (self->iprev),
                              self->names->len > 0 ? self->names->pdata[0] : NULL, "policy.iprev",
                              text, NULL);
}

/* The problem is told for the administrator; a comment is no part of the result. */
static void
report_spf (const Findings *self, const SpfQuery *query, GString *out)
{
  authentication_results_add (out, "spf", spf_result_name (self->spf->result), self->spf->problem,
                              self->spf->by_helo ? "smtp.helo" : "smtp.mailfrom",
                              self->spf->by_helo ? query->helo : query->sender, NULL);
}

static void
report_dkim (const DkimVerdict *verdict, GString *out)
{
  const DkimSignature *signature = verdict->signature;
  g_autofree char *bits = verdict->bits > 0 ? g_strdup_printf ("%u-bit key", verdict->bits) : NULL;

  authentication_results_add (
      out, "dkim", dkim_result_name (verdict->result), verdict->problem ? verdict->problem : bits,
      "header.d", signature->domain, "header.i", signature->identity, "header.s",
      signature->selector, "header.a",
      signature->signature ? dkim_algorithm_name (signature->algorithm) : NULL, "header.b",
      signature->hint, NULL);
}

/* Who sealed it, the last one first, or what is wrong with the seals. */
static char *
describe_chain (const ArcVerdict *arc)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (arc->result != ARC_PASS)
    return g_strdup (arc->problem);
  for (guint i = arc->sealers->len; i > 0; i--)
    g_string_append_printf (text, "%s%s", text->len ? ", " : "sealed by ",
                            (const char *)arc->sealers->pdata[i - 1]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
report_arc (const Findings *self, const SpfQuery *query, GString *out)
{
  g_autoptr (GInetAddress) address = address_unmapped (query->address);
  g_autofree char *text = g_inet_address_to_string (address);
  g_autofree char *comment = describe_chain (self->arc);

  authentication_results_add (out, "arc", arc_result_name (self->arc->result), comment,
                              "smtp.remote-ip", self->arc->result == ARC_NONE ? NULL : text, NULL);
}

/* policy.dmarc is what is applied, once everything was considered (RFC 9989 §9.1). */
static void
report_dmarc (const Findings *self, GString *out)
{
  static const char *const authors[] = {
    [DMARC_AUTHORS_NONE] = "no author",
    [DMARC_AUTHORS_OF_ONE_DOMAIN] = NULL,
    [DMARC_AUTHORS_OF_SEVERAL_DOMAINS] = "several domains in From",
    [DMARC_AUTHORS_OF_SEVERAL_FIELDS] = "several From fields",
  };
  const DmarcVerdict *dmarc = self->dmarc;
  g_autofree char *comment = dmarc->policy_domain
      ? g_strdup_printf ("p=%s of %s%s%s", dmarc_policy_name (dmarc->published),
                         dmarc->policy_domain, self->voucher ? "; it passed at " : "",
                         self->voucher ? self->voucher : "")
      : g_strdup (authors[self->authors]);

  authentication_results_add (out, "dmarc", dmarc_result_name (dmarc->result), comment,
                              "policy.dmarc",
                              dmarc->result == DMARC_FAIL ? dmarc_policy_name (self->policy) : NULL,
                              "header.from", dmarc->domain, NULL);
}

char *
findings_report (const Findings *self, const SpfQuery *query, const char *authserv_id)
{
  GString *out = authentication_results_new (authserv_id);

  report_iprev (self, query, out);
  report_spf (self, query, out);
  for (guint i = 0; i < self->dkim->len; i++)
    report_dkim (self->dkim->pdata[i], out);
  if (self->dkim->len == 0)
    authentication_results_add (out, "dkim", "none", NULL, NULL);
  report_arc (self, query, out);
  report_dmarc (self, out);
  return authentication_results_finish (out);
}
