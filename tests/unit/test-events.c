/* The program carries the texts of its events, under numbers that people attach tasks to. */
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>

static const DWORD numbers[] = { 0x40000001, 0x40000002, 0x40000003, 0x80000004, 0xc0000005 };

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    wchar_t text[256] = L"";
    DWORD_PTR inserts[] = { (DWORD_PTR)L"Mail accepted user=anna" };
    DWORD length
        = FormatMessageW (FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY, NULL,
                          numbers[i], 0, text, G_N_ELEMENTS (text), (va_list *)inserts);
    g_autofree char *narrow = wide_narrow (text, -1);

    g_assert_cmpuint (length, >, 0);
    g_assert_cmpstr (g_strchomp (narrow), ==, "Mail accepted user=anna");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/texts", test_texts);
  return g_test_run ();
}
