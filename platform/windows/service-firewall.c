/* Windows' firewall: one rule that lets the service listen, whatever its ports are. */
#define COBJMACROS
#include <winsock2.h>
#include <windows.h>
#include <initguid.h> /* libuuid does not have the identifiers of netfw.h */
#include <netfw.h>
#include "platform/windows/failure.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"
#include <glib/gi18n.h>

#define RULE L"Hauspost"
#define TCP 6

typedef struct {
  gboolean initialised;
  INetFwPolicy2 *policy;
  INetFwRules *rules;
} Firewall;

static void
firewall_clear (Firewall *self)
{
  if (self->rules != NULL)
    INetFwRules_Release (self->rules);
  if (self->policy != NULL)
    INetFwPolicy2_Release (self->policy);
  if (self->initialised)
    CoUninitialize ();
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Firewall, firewall_clear)

static gboolean
fail (GError **error, HRESULT result)
{
  return failure_set_com (error, result, "Cannot reach Windows' firewall");
}

static gboolean
firewall_open (Firewall *self, GError **error)
{
  HRESULT result = CoInitializeEx (NULL, COINIT_APARTMENTTHREADED);

  self->initialised = SUCCEEDED (result);
  if (SUCCEEDED (result) || result == RPC_E_CHANGED_MODE)
    result = CoCreateInstance (&CLSID_NetFwPolicy2, NULL, CLSCTX_INPROC_SERVER, &IID_INetFwPolicy2,
                               (void **)&self->policy);
  if (SUCCEEDED (result))
    result = INetFwPolicy2_get_Rules (self->policy, &self->rules);
  return SUCCEEDED (result) || fail (error, result);
}

typedef HRESULT (*SetText) (INetFwRule *rule, BSTR text);

static HRESULT
set_name (INetFwRule *rule, BSTR text)
{
  return INetFwRule_put_Name (rule, text);
}

static HRESULT
set_description (INetFwRule *rule, BSTR text)
{
  return INetFwRule_put_Description (rule, text);
}

static HRESULT
set_program (INetFwRule *rule, BSTR text)
{
  return INetFwRule_put_ApplicationName (rule, text);
}

static HRESULT
set_service (INetFwRule *rule, BSTR text)
{
  return INetFwRule_put_ServiceName (rule, text);
}

static HRESULT
describe (INetFwRule *rule, const wchar_t *program)
{
  g_autofree wchar_t *description
      = wide_text (_ ("Lets mail clients and other mail servers reach the service."));
  const struct {
    SetText set;
    const wchar_t *text;
  } texts[] = {
    { set_name, RULE },
    { set_description, description },
    { set_program, program },
    { set_service, SERVICE_NAME },
  };
  HRESULT result = S_OK;

  for (guint i = 0; i < G_N_ELEMENTS (texts) && SUCCEEDED (result); i++) {
    BSTR text = SysAllocString (texts[i].text);
    result = text != NULL ? texts[i].set (rule, text) : E_OUTOFMEMORY;
    SysFreeString (text);
  }
  if (SUCCEEDED (result))
    result = INetFwRule_put_Protocol (rule, TCP);
  if (SUCCEEDED (result))
    result = INetFwRule_put_Direction (rule, NET_FW_RULE_DIR_IN);
  if (SUCCEEDED (result))
    result = INetFwRule_put_Action (rule, NET_FW_ACTION_ALLOW);
  if (SUCCEEDED (result))
    result = INetFwRule_put_Profiles (rule, NET_FW_PROFILE2_ALL);
  if (SUCCEEDED (result))
    result = INetFwRule_put_Enabled (rule, VARIANT_TRUE);
  return result;
}

/* Not being there is no failure. */
static HRESULT
remove_rule (INetFwRules *rules)
{
  BSTR name = SysAllocString (RULE);
  HRESULT result = name != NULL ? INetFwRules_Remove (rules, name) : E_OUTOFMEMORY;

  SysFreeString (name);
  return result == HRESULT_FROM_WIN32 (ERROR_FILE_NOT_FOUND) ? S_OK : result;
}

gboolean
service_firewall_open (const wchar_t *program, GError **error)
{
  g_auto (Firewall) firewall = { FALSE, NULL, NULL };
  INetFwRule *rule = NULL;

  if (!firewall_open (&firewall, error))
    return FALSE;
  HRESULT result = CoCreateInstance (&CLSID_NetFwRule, NULL, CLSCTX_INPROC_SERVER, &IID_INetFwRule,
                                     (void **)&rule);
  if (SUCCEEDED (result))
    result = describe (rule, program);
  if (SUCCEEDED (result))
    result = remove_rule (firewall.rules);
  if (SUCCEEDED (result))
    result = INetFwRules_Add (firewall.rules, rule);
  if (rule != NULL)
    INetFwRule_Release (rule);
  return SUCCEEDED (result) || fail (error, result);
}

gboolean
service_firewall_close (GError **error)
{
  g_auto (Firewall) firewall = { FALSE, NULL, NULL };

  if (!firewall_open (&firewall, error))
    return FALSE;
  HRESULT result = remove_rule (firewall.rules);
  return SUCCEEDED (result) || fail (error, result);
}
