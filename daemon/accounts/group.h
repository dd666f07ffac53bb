/* Groups (all@, sales@): a mail to the group's address comes to each member once. Members are
 * addresses of ours: users, roles, aliases, other groups. A group says who may write to it and
 * whether its members may send as it. Inside store jobs; addresses are normalized inside, unless
 * told otherwise. */
#pragma once
#include "store/store.h"

typedef enum {
  GROUP_ANYONE,
  GROUP_LOCAL, /* who has signed on here */
  GROUP_MEMBERS,
} GroupSenders;

typedef struct {
  char *address;
  GroupSenders senders;
  gboolean send_as; /* members may send as the group */
  GPtrArray *members; /* char *, by address */
} Group;
void group_free (Group *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Group, group_free)

const char *group_senders_name (GroupSenders senders);
gboolean group_senders_parse (const char *name, GroupSenders *senders);

/* MEMBERS: NULL-terminated, at least one. */
gboolean group_add (StoreTransaction *transaction, const char *address, GroupSenders senders,
                    gboolean send_as, const char *const *members, GError **error);
gboolean group_set (StoreTransaction *transaction, const char *address, GroupSenders senders,
                    gboolean send_as, GError **error);
gboolean group_admit (StoreTransaction *transaction, const char *address, const char *member,
                      GError **error);
/* The last member stays: a group of nobody would refuse all mail. */
gboolean group_dismiss (StoreTransaction *transaction, const char *address, const char *member,
                        GError **error);
gboolean group_remove (StoreTransaction *transaction, const char *address, GError **error);
Group *group_find (Database *database, const char *address, GError **error);
GPtrArray *group_list (Database *database, GError **error); /* Group, by address */

/* May ACCOUNT (0: nobody has signed on) write to ADDRESS (normalized)? *IS_GROUP FALSE: it is none,
 * and anybody may. A role's members are those of the groups it is in. */
gboolean group_admits (Database *database, const char *address, gint64 account, gboolean *is_group,
                       gboolean *admits, GError **error);
/* ACCOUNT is a member of the group ADDRESS (normalized), whose members may send as it. */
gboolean group_may_send_as (Database *database, gint64 account, const char *address, gboolean *may,
                            GError **error);
