/* Where things lie on this system. The strings live for ever. */
#pragma once

/* The configuration file when nobody names another: /etc/hauspost/hauspost.conf. */
const char *paths_configuration (void);
/* The data folder when the configuration names none: /var/lib/hauspost. */
const char *paths_data (void);
/* Where the message catalogues are installed. */
const char *paths_locale (void);
