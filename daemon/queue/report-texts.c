/* The texts of notifications. */
#include "queue/report-texts.h"
#include "language.h"
#include <string.h>

/* In the language of whoever is told: each is marked here and said where it is written. */
const ReportText report_texts[REPORT_COUNT] = {
  [REPORT_FAILED]
  = { N_ ("Your mail was not delivered"),
      N_ ("Your mail did not reach everybody: this server could not deliver it to the people "
          "below, "
          "and does not try again. Read why, correct what can be corrected, and send the mail to "
          "them once more."),
      N_ ("Not delivered to:"),
      N_ ("The beginning of your mail is attached. Nobody can answer this message.") },
  [REPORT_DELAYED]
  = { N_ ("Your mail is still on its way"),
      N_ ("Your mail has not reached everybody yet. You need not do anything: this server keeps "
          "trying, and tells you if it has to give up. If it is urgent, call."),
      N_ ("Not there yet:"),
      N_ ("The beginning of your mail is attached. Nobody can answer this message.") },
  [REPORT_RELAYED]
  = { N_ ("Your mail was handed over"),
      N_ ("You asked to be told: your mail was handed over to the recipients' servers. Those send "
          "no receipts, so you will not hear whether it was delivered."),
      N_ ("Handed over for:"), N_ ("Nobody can answer this message.") },
  [REPORT_DELIVERED]
  = { N_ ("Your mail was delivered"),
      N_ ("You asked to be told: your mail lies in the mailboxes of the people below. Whether they "
          "have read it, this server does not know."),
      N_ ("Delivered to:"), N_ ("Nobody can answer this message.") },
};

static const struct {
  const char *status; /* without the class; all that begin with it when it ends with a dot */
  const char *text;
} explanations[] = {
  { "1.10", N_ ("This domain takes no mail at all. Ask for another address.") },
  { "1.1", N_ ("There is nobody with this address. Check how it is written.") },
  { "1.2", N_ ("There is no such domain. Check what stands behind the @.") },
  { "2.1", N_ ("The mailbox is switched off. Reach the person another way.") },
  { "2.2", N_ ("The mailbox is full. Reach the person another way, or try again in some days.") },
  { "3.4", N_ ("The mail is too big for the other server. Send less, or a link.") },
  { "4.6",
    N_ ("The domain's records lead back to this server, which does not know the domain. Tell your "
        "administrator.") },
  { "4.7", N_ ("The other server could not be reached for days. Reach the person another way.") },
  { "6.3", N_ ("The other server takes only plain text without special characters.") },
  { "6.7",
    N_ ("The other server does not take addresses with such letters. Use an address without "
        "them.") },
  { "7.30",
    N_ ("You asked that the mail travels encrypted all the way, and the other server does not "
        "promise that. Send it without this demand, or reach the person another way.") },
  { "7.10",
    N_ ("You asked that the mail travels encrypted all the way, and the other server could not be "
        "reached that way. Send it without this demand, or reach the person another way.") },
  { "7.",
    N_ ("The other server refuses the mail by its own rules. Show this message to your "
        "administrator.") },
};

const char *
report_explain (const char *status)
{
  const char *detail = strlen (status) > 2 ? status + 2 : "";

  for (guint i = 0; i < G_N_ELEMENTS (explanations); i++) {
    const char *wanted = explanations[i].status;
    if (g_str_has_suffix (wanted, ".") ? g_str_has_prefix (detail, wanted)
                                       : strcmp (detail, wanted) == 0)
      return _ (explanations[i].text);
  }
  return NULL;
}
