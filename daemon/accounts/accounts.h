/* Domains, users, aliases: their rows (inside store jobs) and what protocols ask of them
 * (asynchronously). Addresses are given in any form and normalized here (address_normalize). */
#pragma once
#include "accounts/account.h"
#include "accounts/alias.h"
#include "accounts/authenticator.h"
#include "accounts/credential.h"
#include "accounts/domain.h"
#include "accounts/recipient.h"
#include "accounts/sign-on.h"
