/* Access lists: the service's SID is Windows' own, and what is made is closed to strangers. */
#include "platform/windows/privacy.h"
#include "platform/file.h"
#include "platform/windows/wide.h"
#include <aclapi.h>
#include <sddl.h>

/* `sc showsid TrustedInstaller` says so on every Windows. */
static void
test_service_sid (void)
{
  g_autofree char *sid = privacy_service_sid (L"TrustedInstaller");
  g_autofree char *lower = privacy_service_sid (L"trustedinstaller");

  g_assert_cmpstr (sid, ==, "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
  g_assert_cmpstr (lower, ==, sid);
}

static void
test_descriptor (void)
{
  g_autofree char *folder = g_dir_make_tmp ("privacy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autofree wchar_t *wide = wide_path (path, NULL);
  g_autofree char *service = privacy_service_sid (PRIVACY_SERVICE);
  g_autoptr (GError) error = NULL;
  PSECURITY_DESCRIPTOR descriptor = privacy_for_new (wide, TRUE, &error);
  wchar_t *text = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (descriptor); /* the folder for temporary files is not ours */
  g_assert_true (ConvertSecurityDescriptorToStringSecurityDescriptorW (
      descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL));
  g_autofree char *narrow = wide_narrow (text, -1);
  g_test_message ("%s", narrow);
  g_assert_true (g_str_has_prefix (narrow, "D:P(")); /* what the folder above allows is out */
  g_assert_nonnull (strstr (narrow, service));
  g_assert_nonnull (strstr (narrow, ";;;SY)"));
  g_assert_nonnull (strstr (narrow, ";;;BA)"));
  g_assert_null (strstr (narrow, ";;;WD)"));
  g_assert_null (strstr (narrow, ";;;BU)"));
  LocalFree (text);
  LocalFree (descriptor);
  g_assert_true (file_remove_folder (folder, NULL));
}

/* Wine keeps no foreign SIDs in its files' access lists: then there is nothing to inherit. */
static void
test_inherited (void)
{
  g_autofree char *temporary = g_dir_make_tmp ("privacy-XXXXXX", NULL);
  g_autofree char *ours = g_build_filename (temporary, "ours", NULL);
  g_autofree char *inside = g_build_filename (ours, "inside", NULL);
  g_autofree wchar_t *wide_temporary = wide_path (temporary, NULL);
  g_autofree wchar_t *wide_ours = wide_path (ours, NULL);
  g_autofree wchar_t *wide_inside = wide_path (inside, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (privacy_is_inherited (wide_temporary));
  g_assert_true (file_make_folder (ours, &error));
  g_assert_true (file_protect_folder (ours, &error));
  if (privacy_is_inherited (wide_ours)) {
    g_assert_null (privacy_for_new (wide_inside, TRUE, &error));
    g_assert_no_error (error);
    g_assert_true (file_make_folder (inside, &error));
    g_assert_true (privacy_is_inherited (wide_inside));
    g_assert_true (file_remove_folder (inside, NULL));
  } else
    g_test_skip ("this system does not keep access lists");
  g_assert_true (file_remove_folder (ours, NULL));
  g_assert_true (file_remove_folder (temporary, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/privacy/service-sid", test_service_sid);
  g_test_add_func ("/privacy/descriptor", test_descriptor);
  g_test_add_func ("/privacy/inherited", test_inherited);
  return g_test_run ();
}
