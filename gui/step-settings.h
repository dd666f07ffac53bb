/* Settings that a step of the assistant writes: as they were when the step was shown, so that what
 * somebody else has set meanwhile is not overwritten unasked. */
#pragma once
#include "assistant-step.h"

typedef struct _StepSettings StepSettings;

/* PAGE is the step's; freed with it. */
StepSettings *step_settings_new (Assistant *assistant, GtkWidget *page);
/* The step is shown: what the settings are now is what the person knows. */
void step_settings_look (StepSettings *self);
/* BODY as PATCH /v1/settings takes it; then the assistant goes on, or stays and says why. */
void step_settings_write (StepSettings *self, json_t *body);

/* How a deed of a step ended (DeedDone): the same, for other deeds. */
void step_settings_end (gpointer self, const char *etag, const GError *error);
