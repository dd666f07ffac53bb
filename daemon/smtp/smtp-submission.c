/* How much a user may send, whether the brake holds this user, and to whom a device may send. */
#include "smtp/smtp-private.h"
#include "accounts/brake.h"
#include "accounts/device.h"
#include "metrics.h"
#include "settings.h"

#define BRAKED                                                                                     \
  "450 4.7.1 Your mail is held back, as somebody else may know your password: call your "          \
  "administrator"

gboolean
smtp_submission_ask (Database *database, gint64 account, SmtpAllowance *allowance, GError **error)
{
  return rate_room (database, account, g_get_real_time () / G_USEC_PER_SEC, &allowance->room, error)
      && brake_holds (database, account, &allowance->is_braked, error);
}

static char *
limit_reply (const RateRoom *room)
{
  static const char *const sentences[] = {
    [RATE_USER_HOUR] = "You may send mail to %" G_GINT64_FORMAT " recipients within an hour",
    [RATE_USER_DAY] = "You may send mail to %" G_GINT64_FORMAT " recipients within 24 hours",
    [RATE_DOMAIN_HOUR]
    = "Your domain may send mail to %" G_GINT64_FORMAT " recipients within an hour",
    [RATE_DOMAIN_DAY]
    = "Your domain may send mail to %" G_GINT64_FORMAT " recipients within 24 hours",
  };
  g_autofree char *sentence = g_strdup_printf (sentences[room->kind], room->most);

  metric_add (METRIC_SUBMISSION_LIMITED, 1);
  return g_strdup_printf ("450 4.7.1 %s: send the rest later, or ask your administrator for more",
                          sentence);
}

char *
smtp_submission_refuse (const SmtpAllowance *allowance)
{
  if (allowance->is_braked && setting_number (SETTING_BRAKE) == BRAKE_REFUSE)
    return g_strdup (BRAKED);
  return allowance->room.left == 0 ? limit_reply (&allowance->room) : NULL;
}

char *
smtp_submission_refuse_recipient (SmtpSession *self)
{
  return self->service->kind == SMTP_SUBMISSION && self->recipients->len >= self->room.left
      ? limit_reply (&self->room)
      : NULL;
}

gboolean
smtp_submission_admits (Database *database, gint64 account, const char *recipient, gboolean *admits,
                        GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (Device) device = device_find (database, account, &failure);

  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  *admits = device == NULL || device_may_send_to (database, device, recipient);
  return TRUE;
}

static gboolean
deny (GError **error, const char *reply)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED, reply);
  return FALSE;
}

/* Other connections of the user may have sent meanwhile, and an administrator may have acted. */
gboolean
smtp_submission_require (Database *database, gint64 account, gint64 now, guint recipients,
                         GError **error)
{
  RateRoom room;
  gboolean is_open, holds;

  if (!account_is_open (database, account, &is_open, error)
      || !rate_room (database, account, now, &room, error)
      || !brake_holds (database, account, &holds, error))
    return FALSE;
  if (!is_open)
    return deny (error, "550 5.7.13 This account may not send mail any more");
  if (holds && setting_number (SETTING_BRAKE) == BRAKE_REFUSE)
    return deny (error, BRAKED);
  if (recipients > room.left) {
    g_autofree char *reply = limit_reply (&room);
    return deny (error, reply);
  }
  return TRUE;
}
