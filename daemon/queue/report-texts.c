/* The texts of notifications. */
#include "queue/report-texts.h"
#include <string.h>

const ReportText report_texts[REPORT_COUNT][REPORT_LANGUAGES] = {
  [REPORT_FAILED]
  = { { "Your mail was not delivered",
        "Your mail did not reach everybody: this server could not deliver it to the\r\n"
        "people below, and does not try again. Read why, correct what can be\r\n"
        "corrected, and send the mail to them once more.\r\n",
        "Not delivered to:\r\n",
        "The beginning of your mail is attached. Nobody can answer this message.\r\n" },
      { "Ihre Mail wurde nicht zugestellt",
        "Ihre Mail hat nicht alle erreicht: Dieser Server konnte sie den Personen unten\r\n"
        "nicht zustellen und versucht es nicht noch einmal. Lesen Sie, woran es lag,\r\n"
        "beheben Sie es, wenn es geht, und senden Sie ihnen die Mail noch einmal.\r\n",
        "Nicht zugestellt an:\r\n",
        "Der Anfang Ihrer Mail ist angehängt. Auf diese Nachricht kann niemand antworten.\r\n" } },
  [REPORT_DELAYED]
  = { { "Your mail is still on its way",
        "Your mail has not reached everybody yet. You need not do anything: this server\r\n"
        "keeps trying, and tells you if it has to give up. If it is urgent, call.\r\n",
        "Not there yet:\r\n",
        "The beginning of your mail is attached. Nobody can answer this message.\r\n" },
      { "Ihre Mail ist noch unterwegs",
        "Ihre Mail hat noch nicht alle erreicht. Sie müssen nichts tun: Dieser Server\r\n"
        "versucht es weiter und sagt Bescheid, wenn er aufgeben muss. Wenn es eilt,\r\n"
        "rufen Sie an.\r\n",
        "Noch nicht angekommen bei:\r\n",
        "Der Anfang Ihrer Mail ist angehängt. Auf diese Nachricht kann niemand antworten.\r\n" } },
  [REPORT_RELAYED]
  = { { "Your mail was handed over",
        "You asked to be told: your mail was handed over to the recipients' servers.\r\n"
        "Those send no receipts, so you will not hear whether it was delivered.\r\n",
        "Handed over for:\r\n", "Nobody can answer this message.\r\n" },
      { "Ihre Mail wurde übergeben",
        "Sie wollten Bescheid haben: Ihre Mail wurde den Servern der Empfänger übergeben.\r\n"
        "Diese senden keine Bestätigungen; ob sie zugestellt wurde, erfahren Sie also nicht.\r\n",
        "Übergeben für:\r\n", "Auf diese Nachricht kann niemand antworten.\r\n" } },
  [REPORT_DELIVERED]
  = { { "Your mail was delivered",
        "You asked to be told: your mail lies in the mailboxes of the people below.\r\n"
        "Whether they have read it, this server does not know.\r\n",
        "Delivered to:\r\n", "Nobody can answer this message.\r\n" },
      { "Ihre Mail wurde zugestellt",
        "Sie wollten Bescheid haben: Ihre Mail liegt in den Postfächern der Personen unten.\r\n"
        "Ob sie gelesen wurde, weiß dieser Server nicht.\r\n",
        "Zugestellt an:\r\n", "Auf diese Nachricht kann niemand antworten.\r\n" } },
};

const char *const report_said[REPORT_LANGUAGES]
    = { "    The server %s said: %s\r\n", "    Der Server %s sagte: %s\r\n" };

/* The longest that fits comes first. */
static const struct {
  const char *status; /* without the class */
  const char *texts[REPORT_LANGUAGES];
} explanations[] = {
  { "1.10",
    { "This domain takes no mail at all. Ask for another address.",
      "Diese Domain nimmt gar keine Mail an. Fragen Sie nach einer anderen Adresse." } },
  { "1.1",
    { "There is nobody with this address. Check how it is written.",
      "Diese Adresse gibt es nicht. Prüfen Sie, ob sie richtig geschrieben ist." } },
  { "1.2",
    { "There is no such domain. Check what stands behind the @.",
      "Diese Domain gibt es nicht. Prüfen Sie, was hinter dem @ steht." } },
  { "2.1",
    { "The mailbox is switched off. Reach the person another way.",
      "Das Postfach ist abgeschaltet. Erreichen Sie die Person auf anderem Weg." } },
  { "2.2",
    { "The mailbox is full. Reach the person another way, or try again in some days.",
      "Das Postfach ist voll. Erreichen Sie die Person auf anderem Weg oder versuchen Sie es in "
      "ein "
      "paar Tagen wieder." } },
  { "3.4",
    { "The mail is too big for the other server. Send less, or a link.",
      "Die Mail ist dem anderen Server zu groß. Senden Sie weniger oder einen Link." } },
  { "4.6",
    { "The domain's records lead back to this server, which does not know the domain. Tell your "
      "administrator.",
      "Die Einträge der Domain führen zu diesem Server zurück, der sie nicht kennt. Sagen Sie es "
      "Ihrer Administratorin oder Ihrem Administrator." } },
  { "4.7",
    { "The other server could not be reached for days. Reach the person another way.",
      "Der andere Server war tagelang nicht zu erreichen. Erreichen Sie die Person auf anderem "
      "Weg." } },
  { "6.3",
    { "The other server takes only plain text without special characters.",
      "Der andere Server nimmt nur einfachen Text ohne Sonderzeichen." } },
  { "6.7",
    { "The other server does not take addresses with such letters. Use an address without them.",
      "Der andere Server nimmt keine Adressen mit solchen Buchstaben. Nutzen Sie eine ohne "
      "sie." } },
  { "7.30",
    { "You asked that the mail travels encrypted all the way, and the other server does not "
      "promise "
      "that. Send it without this demand, or reach the person another way.",
      "Sie wollten, dass die Mail auf dem ganzen Weg verschlüsselt bleibt, und der andere Server "
      "sagt das nicht zu. Senden Sie sie ohne diese Bedingung oder erreichen Sie die Person auf "
      "anderem Weg." } },
  { "7.10",
    { "You asked that the mail travels encrypted all the way, and the other server could not be "
      "reached that way. Send it without this demand, or reach the person another way.",
      "Sie wollten, dass die Mail auf dem ganzen Weg verschlüsselt bleibt, und so war der andere "
      "Server nicht zu erreichen. Senden Sie sie ohne diese Bedingung oder erreichen Sie die "
      "Person auf anderem Weg." } },
  { "7.",
    { "The other server refuses the mail by its own rules. Show this message to your "
      "administrator.",
      "Der andere Server lehnt die Mail nach seinen Regeln ab. Zeigen Sie diese Nachricht Ihrer "
      "Administratorin oder Ihrem Administrator." } },
};

const char *
report_explain (const char *status, ReportLanguage language)
{
  const char *detail = strlen (status) > 2 ? status + 2 : "";

  for (guint i = 0; i < G_N_ELEMENTS (explanations); i++) {
    const char *wanted = explanations[i].status;
    if (g_str_has_suffix (wanted, ".") ? g_str_has_prefix (detail, wanted)
                                       : strcmp (detail, wanted) == 0)
      return explanations[i].texts[language];
  }
  return NULL;
}
