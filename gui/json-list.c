/* An item is made when somebody looks at it, and keeps its place and its identity as long as the
 * server names it. */
#include "json-list.h"
#include <string.h>

struct _JsonItem {
  GObject parent;

  json_t *object;
  char *folded; /* all its texts, casefolded; made at the first search */
};
G_DEFINE_FINAL_TYPE (JsonItem, json_item, G_TYPE_OBJECT)

enum { PROPERTY_OBJECT = 1, PROPERTY_COUNT };
static GParamSpec *properties[PROPERTY_COUNT];

static void
json_item_finalize (GObject *object)
{
  JsonItem *self = PANEL_JSON_ITEM (object);

  json_decref (self->object);
  g_free (self->folded);
  G_OBJECT_CLASS (json_item_parent_class)->finalize (object);
}

static void
json_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_pointer (value, PANEL_JSON_ITEM (object)->object);
}

static void
json_item_class_init (JsonItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = json_item_finalize;
  G_OBJECT_CLASS (class)->get_property = json_item_get_property;
  properties[PROPERTY_OBJECT]
      = g_param_spec_pointer ("object", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), PROPERTY_COUNT, properties);
}

static void
json_item_init (JsonItem *self)
{
}

static JsonItem *
json_item_new (json_t *object)
{
  JsonItem *self = g_object_new (PANEL_TYPE_JSON_ITEM, NULL);

  self->object = json_incref (object);
  return self;
}

static void
json_item_replace (JsonItem *self, json_t *object)
{
  if (json_equal (self->object, object))
    return;
  json_decref (self->object);
  self->object = json_incref (object);
  g_clear_pointer (&self->folded, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_OBJECT]);
}

json_t *
json_item_object (JsonItem *self)
{
  return self->object;
}

const char *
json_item_text (JsonItem *self, const char *key)
{
  return object_text (self->object, key);
}

/* The texts of VALUE and of what is in it, with a line's end between them. */
static void
gather_texts (json_t *value, GString *texts)
{
  const char *key;
  json_t *inner;
  gsize i;

  if (json_is_string (value)) {
    g_string_append (texts, json_string_value (value));
    g_string_append_c (texts, '\n');
  }
  json_array_foreach (value, i, inner) gather_texts (inner, texts);
  json_object_foreach (value, key, inner) gather_texts (inner, texts);
}

gboolean
json_item_matches (JsonItem *self, const char *const *words)
{
  if (*words != NULL && self->folded == NULL) {
    g_autoptr (GString) texts = g_string_new (NULL);

    gather_texts (self->object, texts);
    self->folded = g_utf8_casefold (texts->str, (gssize)texts->len);
  }
  for (; *words != NULL; words++)
    if (strstr (self->folded, *words) == NULL)
      return FALSE;
  return TRUE;
}

char **
json_fold (const char *typed)
{
  g_autofree char *folded = g_utf8_casefold (typed ? typed : "", -1);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);
  GPtrArray *kept = g_ptr_array_new ();

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_ptr_array_add (kept, g_strdup (*word));
  g_ptr_array_add (kept, NULL);
  return (char **)g_ptr_array_free (kept, FALSE);
}

struct _JsonList {
  GObject parent;

  char *key;
  gboolean sorted;
  GPtrArray *objects; /* json_t */
  GPtrArray *items; /* JsonItem, or NULL: nobody has looked yet */
};

static void json_list_iface_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (JsonList, json_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, json_list_iface_init))

static void
free_object (gpointer data)
{
  json_decref (data);
}

static void
free_item (gpointer data)
{
  if (data != NULL)
    g_object_unref (data);
}

static GType
json_list_get_item_type (GListModel *model)
{
  return PANEL_TYPE_JSON_ITEM;
}

static guint
json_list_get_n_items (GListModel *model)
{
  return PANEL_JSON_LIST (model)->objects->len;
}

static gpointer
json_list_get_item (GListModel *model, guint position)
{
  JsonList *self = PANEL_JSON_LIST (model);

  if (position >= self->objects->len)
    return NULL;
  if (self->items->pdata[position] == NULL)
    self->items->pdata[position] = json_item_new (self->objects->pdata[position]);
  return g_object_ref (self->items->pdata[position]);
}

static void
json_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = json_list_get_item_type;
  iface->get_n_items = json_list_get_n_items;
  iface->get_item = json_list_get_item;
}

static void
json_list_finalize (GObject *object)
{
  JsonList *self = PANEL_JSON_LIST (object);

  g_ptr_array_unref (self->objects);
  g_ptr_array_unref (self->items);
  g_free (self->key);
  G_OBJECT_CLASS (json_list_parent_class)->finalize (object);
}

static void
json_list_class_init (JsonListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = json_list_finalize;
}

static void
json_list_init (JsonList *self)
{
  self->objects = g_ptr_array_new_with_free_func (free_object);
  self->items = g_ptr_array_new_with_free_func (free_item);
}

JsonList *
json_list_new (const char *key, gboolean sorted)
{
  JsonList *self = g_object_new (PANEL_TYPE_JSON_LIST, NULL);

  self->key = g_strdup (key);
  self->sorted = sorted;
  return self;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const JsonList *self = data;
  json_t *const *one = a, *const *other = b;

  return g_utf8_collate (object_text (*one, self->key), object_text (*other, self->key));
}

/* Names of the API are lower-case ASCII for the most part: their bytes sort them as well, and
 * twenty times as fast as the locale. */
static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  const JsonList *self = data;
  json_t *const *one = a, *const *other = b;

  return strcmp (object_text (*one, self->key), object_text (*other, self->key));
}

static GPtrArray *
read_array (JsonList *self, json_t *array)
{
  GPtrArray *objects = g_ptr_array_new_full ((guint)json_array_size (array), free_object);
  json_t *value;
  gsize i;

  json_array_foreach (array, i, value)
  {
    if (json_is_object (value))
      g_ptr_array_add (objects, json_incref (value));
    else if (json_is_string (value))
      g_ptr_array_add (objects, json_pack ("{s:O}", self->key, value));
  }
  if (self->sorted)
    g_ptr_array_sort_with_data (objects, objects->len > 2000 ? compare_names : compare, self);
  return objects;
}

static gboolean
is_same (JsonList *self, json_t *one, json_t *other)
{
  return strcmp (object_text (one, self->key), object_text (other, self->key)) == 0;
}

/* Only what lies between the beginnings and the ends that are alike is removed and added. */
void
json_list_set (JsonList *self, json_t *array)
{
  g_autoptr (GPtrArray) now = read_array (self, array);
  const guint before = self->objects->len, least = MIN (before, now->len);
  guint head = 0, tail = 0;

  while (head < least && is_same (self, self->objects->pdata[head], now->pdata[head]))
    head++;
  while (tail < least - head
         && is_same (self, self->objects->pdata[before - 1 - tail], now->pdata[now->len - 1 - tail]))
    tail++;

  GPtrArray *items = g_ptr_array_new_full (now->len, free_item);
  for (guint i = 0; i < now->len; i++) {
    const gboolean kept = i < head || i >= now->len - tail;
    const guint old = i < head ? i : i + before - now->len;
    g_ptr_array_add (items, kept ? g_steal_pointer (&self->items->pdata[old]) : NULL);
  }
  g_ptr_array_unref (self->items);
  self->items = items;
  g_ptr_array_unref (self->objects);
  self->objects = g_ptr_array_ref (now);

  if (before != now->len || head + tail < now->len)
    g_list_model_items_changed (G_LIST_MODEL (self), head, before - head - tail,
                                now->len - head - tail);
  for (guint i = 0; i < items->len && self->items == items; i++)
    if (items->pdata[i] != NULL)
      json_item_replace (items->pdata[i], now->pdata[i]);
}

JsonItem *
json_list_find (JsonList *self, const char *name)
{
  for (guint i = 0; i < self->objects->len; i++)
    if (strcmp (object_text (self->objects->pdata[i], self->key), name) == 0) {
      g_object_unref (json_list_get_item (G_LIST_MODEL (self), i)); /* the list keeps it */
      return self->items->pdata[i];
    }
  return NULL;
}

/* The filter. */

typedef struct {
  char **words;
} Search;

static void
search_free (gpointer data)
{
  Search *self = data;

  g_strfreev (self->words);
  g_free (self);
}

static gboolean
match (gpointer item, gpointer data)
{
  Search *self = data;

  return json_item_matches (item, (const char *const *)self->words);
}

GtkFilter *
json_filter_new (void)
{
  Search *search = g_new0 (Search, 1);
  GtkCustomFilter *filter = gtk_custom_filter_new (match, search, search_free);

  search->words = json_fold ("");
  g_object_set_data (G_OBJECT (filter), "search", search);
  return GTK_FILTER (filter);
}

void
json_filter_set (GtkFilter *filter, const char *typed)
{
  Search *search = g_object_get_data (G_OBJECT (filter), "search");
  g_auto (GStrv) words = json_fold (typed);

  if (g_strv_equal ((const char *const *)words, (const char *const *)search->words))
    return;
  g_strfreev (search->words);
  search->words = g_steal_pointer (&words);
  gtk_filter_changed (filter, GTK_FILTER_CHANGE_DIFFERENT);
}
