/* The settings for Thunderbird and all that ask like it (Mozilla's ConfigFileFormat 1.1). */
#pragma once
#include "configuration.h"

/* The document for addresses of DOMAIN (normalized); free with g_free. */
char *autoconfig_write (const Configuration *configuration, const char *domain);
