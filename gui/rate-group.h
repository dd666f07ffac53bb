/* How many recipients a user, or all users of a domain, may send to within an hour and a day: two
 * rows. It is invisible for who may not see it. */
#pragma once
#include "actions.h"
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_RATE_GROUP (rate_group_get_type ())
G_DECLARE_FINAL_TYPE (RateGroup, rate_group, PANEL, RATE_GROUP, AdwPreferencesGroup)

/* ACTION: ACTION_USER_RATE or ACTION_DOMAIN_RATE; NAME: the address or the domain. Once. */
void rate_group_load (RateGroup *group, Connection *connection, Action action, const char *name);
