/* Judges the records of a domain, each by what it is for. */
#include "admin/dns-check.h"
#include "policy/dmarc-record.h"
#include "policy/look-up.h"
#include "policy/spf.h"
#include "policy/tag-list.h"
#include <string.h>

#define ADDRESSES_MAX 8
#define SPF_SECONDS 30 /* for all look-ups of one record */

typedef struct {
  const DnsCheckOptions *options;
  DnsBatch *batch;
  GPtrArray *addresses; /* GInetAddress: of the host */
} Check;

static const struct {
  const char *type;
  DnsType asked[2]; /* 0: none */
} types[] = {
  { "A", { DNS_TYPE_A, DNS_TYPE_AAAA } },
  { "CNAME", { DNS_TYPE_A, DNS_TYPE_AAAA } },
  { "MX", { DNS_TYPE_MX } },
  { "TXT", { DNS_TYPE_TXT } },
  { "TLSA", { DNS_TYPE_TLSA } },
  { "SRV", { DNS_TYPE_SRV } },
};

void
dns_checked_free (DnsChecked *self)
{
  g_ptr_array_unref (self->found);
  g_free (self);
}

static const DnsType *
types_of (const DnsPlanned *planned)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].type, planned->type) == 0)
      return types[i].asked;
  g_assert_not_reached ();
}

static const DnsAnswer *
answer_of (const Check *self, const char *name, DnsType type)
{
  return dns_batch_answer (self->batch, dns_batch_add (self->batch, name, type));
}

static char *
hex (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

static char *
text_of (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  char *text = g_utf8_make_valid (data, (gssize)length);

  for (char *at = text; *at; at++)
    if (g_ascii_iscntrl (*at))
      *at = '?';
  return text;
}

static char *
print_record (const DnsRecord *record, DnsType type)
{
  g_autofree char *data = NULL;

  switch (type) {
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA:
    return g_inet_address_to_string (record->address);
  case DNS_TYPE_MX:
    return g_strdup_printf ("%u %s", record->preference, *record->host ? record->host : ".");
  case DNS_TYPE_SRV:
    return g_strdup_printf ("%u %u %u %s", record->preference, record->weight, record->port,
                            *record->host ? record->host : ".");
  case DNS_TYPE_TLSA:
    data = hex (record->data);
    return g_strdup_printf ("%u %u %u %s", record->usage, record->selector, record->matching, data);
  case DNS_TYPE_TXT:
    return text_of (record->data);
  default:
    return g_strdup (record->host);
  }
}

static DnsFinding
set (DnsChecked *checked, DnsFinding finding, const char *reason)
{
  checked->reason = reason;
  return checked->finding = finding;
}

/* Of TXT records those that are of this kind: others may stand beside them. */
static void
collect_text (const DnsAnswer *answer, const char *begin, DnsChecked *checked)
{
  for (guint i = 0; i < answer->records->len; i++) {
    g_autofree char *text = print_record (answer->records->pdata[i], DNS_TYPE_TXT);

    if (g_ascii_strncasecmp (text, begin, strlen (begin)) == 0)
      g_ptr_array_add (checked->found, g_steal_pointer (&text));
  }
}

/* Feeds SPF with what it asks for. NULL: it took too long. */
static SpfVerdict *
run_spf (const Check *self, GInetAddress *address, const char *domain)
{
  g_autofree char *sender = g_strconcat ("postmaster@", domain, NULL);
  g_autoptr (Answers) answers = answers_new ();
  const SpfQuery query = { .address = address,
                           .helo = self->options->host,
                           .sender = sender,
                           .receiver = self->options->host,
                           .now = g_get_real_time () / G_USEC_PER_SEC };
  const gint64 deadline = g_get_monotonic_time () + SPF_SECONDS * G_USEC_PER_SEC;
  SpfVerdict *verdict;

  while (!(verdict = spf_check (&query, answers)) && g_get_monotonic_time () < deadline) {
    g_autoptr (GPtrArray) questions = g_ptr_array_new ();
    const DnsQuestion *question;

    while ((question = answers_next_question (answers)) != NULL) {
      dns_batch_add (self->batch, question->name, look_up_type (question->type));
      g_ptr_array_add (questions, (gpointer)question);
    }
    dns_batch_wait (self->batch);
    for (guint i = 0; i < questions->len; i++) {
      question = questions->pdata[i];
      const DnsAnswer *answer = answer_of (self, question->name, look_up_type (question->type));
      g_auto (GStrv) records = look_up_records (answer, question->type);

      answers_add (answers, question->type, question->name, look_up_status (answer->status),
                   (const char *const *)records, answer->secure);
    }
  }
  return verdict;
}

/* What matters is whether this server may send, however the record says so. */
static void
judge_spf (const Check *self, const DnsPlanned *planned, const DnsAnswer *answer,
           DnsChecked *checked)
{
  collect_text (answer, "v=spf1", checked);
  if (checked->found->len == 0)
    set (checked, DNS_MISSING, NULL);
  else if (checked->found->len > 1)
    set (checked, DNS_WRONG, "several");
  else
    set (checked, DNS_RIGHT, NULL);
  for (guint i = 0; i < self->addresses->len && !self->options->relayed; i++) {
    g_autoptr (SpfVerdict) verdict = NULL;

    if (checked->finding != DNS_RIGHT)
      return;
    verdict = run_spf (self, self->addresses->pdata[i], planned->name);
    if (verdict == NULL || verdict->result == SPF_TEMPERROR)
      set (checked, DNS_UNKNOWN, NULL);
    else if (verdict->result == SPF_PERMERROR)
      set (checked, DNS_WRONG, "unreadable");
    else if (verdict->result != SPF_PASS)
      set (checked, DNS_WRONG, "refuses-us");
  }
}

static void
judge_dkim (const DnsPlanned *planned, const DnsAnswer *answer, DnsChecked *checked)
{
  for (guint i = 0; i < answer->records->len; i++) {
    char *text = print_record (answer->records->pdata[i], DNS_TYPE_TXT);
    g_autoptr (TagList) tags = tag_list_parse (text);
    const char *value = tags ? tag_list_find (tags, "p") : NULL;
    g_autofree char *key = value ? tag_strip (value) : NULL;

    g_ptr_array_add (checked->found, text);
    set (checked, g_strcmp0 (key, planned->key) == 0 ? DNS_RIGHT : DNS_WRONG, "key-differs");
  }
  if (checked->found->len > 1)
    set (checked, DNS_WRONG, "several");
  else if (checked->found->len == 0)
    set (checked, DNS_MISSING, NULL);
  if (checked->finding == DNS_RIGHT)
    checked->reason = NULL;
}

static void
judge_dmarc (const DnsAnswer *answer, DnsChecked *checked)
{
  DmarcRecord record;

  collect_text (answer, "v=DMARC1", checked);
  if (checked->found->len == 0)
    set (checked, DNS_MISSING, NULL);
  else if (checked->found->len > 1)
    set (checked, DNS_WRONG, "several");
  else if (!dmarc_record_parse (checked->found->pdata[0], &record) || record.ignored)
    set (checked, DNS_WRONG, "unreadable");
}

/* Whatever its id or address is: it is there. */
static void
judge_tagged (const DnsAnswer *answer, const char *version, const char *tag, DnsChecked *checked)
{
  g_autoptr (TagList) tags = NULL;

  collect_text (answer, version, checked);
  if (checked->found->len == 0) {
    set (checked, DNS_MISSING, NULL);
    return;
  }
  tags = tag_list_parse (checked->found->pdata[0]);
  if (checked->found->len > 1)
    set (checked, DNS_WRONG, "several");
  else if (tags == NULL || tag_list_find (tags, tag) == NULL)
    set (checked, DNS_WRONG, "unreadable");
}

static void
collect (const DnsAnswer *answer, DnsType type, DnsChecked *checked)
{
  for (guint i = 0; i < answer->records->len; i++)
    g_ptr_array_add (checked->found, print_record (answer->records->pdata[i], type));
}

static void
judge_mx (const Check *self, const DnsAnswer *answer, DnsChecked *checked)
{
  collect (answer, DNS_TYPE_MX, checked);
  set (checked, answer->records->len ? DNS_WRONG : DNS_MISSING,
       dns_answer_is_null_mx (answer) ? "null-mx"
           : answer->records->len     ? "not-here"
                                      : NULL);
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];

    if (g_ascii_strcasecmp (record->host, self->options->host) == 0)
      set (checked, DNS_RIGHT, NULL);
  }
}

/* One that fits is enough; none that fits keeps mail away. Without DNSSEC nobody looks (RFC 7672
 * §2.2). */
static void
judge_tlsa (const DnsPlanned *planned, const DnsAnswer *answer, DnsChecked *checked)
{
  collect (answer, DNS_TYPE_TLSA, checked);
  set (checked, answer->records->len ? DNS_WRONG : DNS_MISSING,
       answer->records->len ? "key-differs"
           : answer->secure ? NULL
                            : "no-dnssec");
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];
    g_autofree char *digest = hex (record->data);

    if (record->usage == 3 && record->selector == 1 && record->matching == 1
        && g_ascii_strcasecmp (digest, planned->key) == 0)
      set (checked, DNS_RIGHT, answer->secure ? NULL : "no-dnssec");
  }
}

static void
judge_service (const DnsPlanned *planned, const DnsAnswer *answer, DnsChecked *checked)
{
  collect (answer, DNS_TYPE_SRV, checked);
  set (checked, answer->records->len ? DNS_WRONG : DNS_MISSING,
       answer->records->len ? "not-here" : NULL);
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];

    if (g_ascii_strcasecmp (record->host, planned->key) == 0
        && (*planned->key == '\0' || record->port == planned->port))
      set (checked, DNS_RIGHT, NULL);
  }
  /* What is not offered and not named: nobody looks for it. */
  if (checked->finding == DNS_MISSING && *planned->key == '\0')
    set (checked, DNS_RIGHT, NULL);
}

static gboolean
is_ours (const Check *self, GInetAddress *address)
{
  for (guint i = 0; i < self->addresses->len; i++)
    if (g_inet_address_equal (self->addresses->pdata[i], address))
      return TRUE;
  return FALSE;
}

/* An alias, or addresses of its own: it leads here. */
static void
judge_alias (const Check *self, const DnsPlanned *planned, DnsChecked *checked)
{
  const DnsAnswer *answers[] = { answer_of (self, planned->name, DNS_TYPE_A),
                                 answer_of (self, planned->name, DNS_TYPE_AAAA) };

  collect (answers[0], DNS_TYPE_A, checked);
  collect (answers[1], DNS_TYPE_AAAA, checked);
  set (checked, checked->found->len ? DNS_WRONG : DNS_MISSING,
       checked->found->len ? "not-here" : NULL);
  for (guint a = 0; a < G_N_ELEMENTS (answers); a++)
    for (guint i = 0; i < answers[a]->records->len; i++)
      if (is_ours (self, ((DnsRecord *)answers[a]->records->pdata[i])->address))
        set (checked, DNS_RIGHT, NULL);
}

static void
judge_address (const Check *self, DnsChecked *checked)
{
  for (guint i = 0; i < self->addresses->len; i++)
    g_ptr_array_add (checked->found, g_inet_address_to_string (self->addresses->pdata[i]));
  set (checked, checked->found->len ? DNS_RIGHT : DNS_MISSING, NULL);
}

static gboolean
is_unknown (const Check *self, const DnsPlanned *planned)
{
  const DnsType *asked = types_of (planned);
  gboolean unknown = FALSE;

  for (guint i = 0; i < 2 && asked[i]; i++) {
    const DnsAnswer *answer = answer_of (self, planned->name, asked[i]);

    if (answer->records->len > 0)
      return FALSE;
    unknown |= answer->status == DNS_FAILED || answer->status == DNS_BOGUS;
  }
  return unknown;
}

static void
judge (const Check *self, const DnsPlanned *planned, DnsChecked *checked)
{
  const DnsAnswer *answer = answer_of (self, planned->name, types_of (planned)[0]);

  switch (planned->use) {
  case DNS_USE_ADDRESS:
    judge_address (self, checked);
    break;
  case DNS_USE_MX:
    judge_mx (self, answer, checked);
    break;
  case DNS_USE_SPF:
  case DNS_USE_HOST_SPF:
    judge_spf (self, planned, answer, checked);
    break;
  case DNS_USE_DKIM:
    judge_dkim (planned, answer, checked);
    break;
  case DNS_USE_DMARC:
    judge_dmarc (answer, checked);
    break;
  case DNS_USE_TLSA:
    judge_tlsa (planned, answer, checked);
    break;
  case DNS_USE_MTA_STS:
    judge_tagged (answer, "v=STSv1", "id", checked);
    break;
  case DNS_USE_TLS_RPT:
    judge_tagged (answer, "v=TLSRPTv1", "rua", checked);
    break;
  case DNS_USE_SERVICE:
    judge_service (planned, answer, checked);
    break;
  case DNS_USE_MTA_STS_HOST:
  case DNS_USE_AUTOCONFIG:
  case DNS_USE_AUTODISCOVER:
    judge_alias (self, planned, checked);
    break;
  }
}

static void
find_addresses (Check *self)
{
  static const DnsType asked[] = { DNS_TYPE_A, DNS_TYPE_AAAA };

  for (guint a = 0; a < G_N_ELEMENTS (asked); a++) {
    const DnsAnswer *answer = answer_of (self, self->options->host, asked[a]);

    for (guint i = 0; i < answer->records->len && self->addresses->len < ADDRESSES_MAX; i++)
      g_ptr_array_add (self->addresses,
                       g_object_ref (((DnsRecord *)answer->records->pdata[i])->address));
  }
}

GPtrArray *
dns_check_plan (const GPtrArray *plan, const DnsCheckOptions *options)
{
  g_autoptr (DnsBatch) batch = dns_batch_new (options->dns);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  Check check = { options, batch, addresses };
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)dns_checked_free);

  dns_batch_add (batch, options->host, DNS_TYPE_A);
  dns_batch_add (batch, options->host, DNS_TYPE_AAAA);
  for (guint i = 0; i < plan->len; i++)
    for (guint t = 0; t < 2 && types_of (plan->pdata[i])[t]; t++)
      dns_batch_add (batch, ((DnsPlanned *)plan->pdata[i])->name, types_of (plan->pdata[i])[t]);
  dns_batch_wait (batch);
  find_addresses (&check);
  for (guint i = 0; i < plan->len; i++) {
    DnsChecked *checked = g_new0 (DnsChecked, 1);

    checked->found = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (all, checked);
    if (is_unknown (&check, plan->pdata[i]))
      set (checked, DNS_UNKNOWN, NULL);
    else
      judge (&check, plan->pdata[i], checked);
  }
  return all;
}

const char *
dns_finding_name (DnsFinding finding)
{
  static const char *const names[] = { "right", "missing", "wrong", "unknown" };

  return names[finding];
}
