/* Whom a request is for: which of our domains its host or its address belongs to. Workers. */
#pragma once
#include "http/web-call.h"

/* The domain of DOMAIN in its one form when it is ours; NULL: it is not. Free with g_free. */
char *web_domain_ours (const WebCall *call, const char *domain);
/* The same for what stands behind the '@' of ADDRESS. */
char *web_domain_of_address (const WebCall *call, const char *address);
/* The same for the host that was asked, without the name that SERVICE ("autoconfig.") puts before
 * it; without it, too. */
char *web_domain_of_host (const WebCall *call, const char *service);
/* The one to show people: of the host they came to, or that of this server's name, or the first.
 * NULL: there is none. */
char *web_domain_to_show (const WebCall *call);
/* People are to come here: this server's name, mail.DOMAIN, or a bare address. Else they are sent
 * there. */
gboolean web_domain_is_for_people (const WebCall *call);
