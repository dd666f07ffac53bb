/* What GTK 4.8 does not tell a screen reader, told once for all widgets. Newer GTK tells most of it
 * by itself; then this says the same. */
#pragma once
#include <adwaita.h>

/* Names for buttons that only show an icon (their tooltip's) and for rows of lists (their first
 * text's), names without mnemonics; pages that are not shown are hidden, and icons that have no
 * name. From now on, until the end. */
void accessibility_begin (void);
