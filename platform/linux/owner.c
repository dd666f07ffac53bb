/* Effective user and group on Linux: root becomes the owner of a folder for a while. */
#include "platform/owner.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

/* Root is who was root all along: who started us by sudo or su has both numbers 0. */
static gboolean
is_administrator (void)
{
  return getuid () == 0;
}

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Cannot %s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

/* The owner of FOLDER, or of the nearest folder above it that is there. */
static gboolean
find_owner (const char *folder, struct stat *status, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);

  while (stat (path, status) != 0) {
    if (errno != ENOENT)
      return fail (error, "ask who owns", path);
    char *above = g_path_get_dirname (path);
    g_free (path);
    path = above;
  }
  return TRUE;
}

/* glibc changes the identity of every thread (nptl(7)). The groups go first, while we may. */
gboolean
owner_become (const char *folder, GError **error)
{
  struct stat status;

  if (!is_administrator ())
    return TRUE;
  if (!find_owner (folder, &status, error))
    return FALSE;
  if (status.st_uid == 0)
    return TRUE;
  if (setgroups (0, NULL) == 0 && setegid (status.st_gid) == 0 && seteuid (status.st_uid) == 0)
    return TRUE;
  fail (error, "act as the owner of", folder);
  owner_resign (NULL); /* the first error is the one that says why */
  return FALSE;
}

gboolean
owner_resign (GError **error)
{
  if (!is_administrator () || geteuid () == 0)
    return TRUE;
  if (seteuid (0) == 0 && setegid (0) == 0)
    return TRUE;
  return fail (error, "act as", "root");
}

typedef struct {
  int number;
} Descriptor;

static void
descriptor_close (Descriptor *self)
{
  if (self->number >= 0)
    close (self->number);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Descriptor, descriptor_close)

gboolean
owner_let_read (const char *folder, const char *path, GError **error)
{
  struct stat status, target;

  if (!is_administrator ())
    return TRUE;
  if (!find_owner (folder, &status, error))
    return FALSE;
  if (status.st_uid == 0)
    return TRUE;
  g_auto (Descriptor) file = { open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) };
  if (file.number < 0 || fstat (file.number, &target) != 0
      || fchown (file.number, 0, status.st_gid) != 0
      || fchmod (file.number, S_ISDIR (target.st_mode) ? 0750 : 0640) != 0)
    return fail (error, "let the service read", path);
  return TRUE;
}

gboolean
owner_is_other (const char *folder)
{
  struct stat status;

  return is_administrator () && find_owner (folder, &status, NULL) && status.st_uid != 0;
}
