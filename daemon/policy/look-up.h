/* Lets the resolver answer a mail's questions. */
#pragma once
#include "net/dns.h"
#include "policy/authentication.h"

/* An AuthenticationAsk; DNS is a Dns. */
void look_up_ask (Authentication *authentication, const DnsQuestion *question, gpointer dns);
/* The same in the words of net/dns.h, and of answers.h. */
DnsType look_up_type (QuestionType type);
AnswerStatus look_up_status (DnsStatus status);
/* What the answer's records say in the form of answers.h; free with g_strfreev. */
char **look_up_records (const DnsAnswer *answer, QuestionType type);
