/* What libraries say through GLib's log goes where everything goes. */
#pragma once

/* May be called again. */
void library_log_take (void);
