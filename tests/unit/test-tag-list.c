/* Tests of daemon/policy/tag-list.c. */
#include "policy/tag-list.h"
#include <string.h>

/* What the list holds as "name|value," or NULL: it is broken. */
static const struct {
  const char *text, *printed;
} cases[] = {
  { "v=DKIM1; p=abc", "v|DKIM1,p|abc," },
  { "v=DKIM1;p=abc;", "v|DKIM1,p|abc," },
  { " v = DKIM1 ;\r\n\tp=a\r\n b ; ", "v|DKIM1,p|a\r\n b," },
  { "p=", "p|," },
  { "a_1=x=y==", "a_1|x=y==," },
  { "V=1;v=2", "V|1,v|2," }, /* case counts */
  { "v=1;v=1", NULL }, /* §3.2: twice is invalid */
  { "v=1;;p=2", NULL },
  { ";v=1", NULL },
  { "", NULL },
  { ";", NULL },
  { "no value", NULL },
  { "=x", NULL },
  { "1a=x", NULL },
  { "a b=x", NULL },
  { "a-b=x", NULL },
  { "a=\xc3\xbc", "a|\xc3\xbc," }, /* RFC 8616 */
  { "a=\xc3", NULL },
  { "a=\x01", NULL },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TagList) list = tag_list_parse (cases[i].text);
    g_autoptr (GString) printed = g_string_new (NULL);

    g_test_message ("%s", cases[i].text);
    for (guint t = 0; list && t < list->tags->len; t++) {
      const Tag *tag = &g_array_index (list->tags, Tag, t);
      g_string_append_printf (printed, "%s|%s,", tag->name, tag->value);
    }
    g_assert_cmpstr (list ? printed->str : NULL, ==, cases[i].printed);
  }
}

static void
test_find (void)
{
  g_autoptr (TagList) list = tag_list_parse ("v=DKIM1; p=");

  g_assert_cmpstr (tag_list_find (list, "p"), ==, "");
  g_assert_null (tag_list_find (list, "k"));
  g_assert_true (tag_list_begins (list, "v", "DKIM1"));
  g_assert_false (tag_list_begins (list, "v", "DKIM2"));
  g_assert_false (tag_list_begins (list, "p", ""));
}

static void
test_limits (void)
{
  g_autofree char *long_value = g_strnfill (TAG_LIST_MAX, 'x');
  g_autofree char *too_long = g_strconcat ("a=", long_value, NULL);
  g_autoptr (GString) many = g_string_new (NULL);

  g_assert_null (tag_list_parse (too_long));
  for (guint i = 0; i <= TAGS_MAX; i++)
    g_string_append_printf (many, "t%u=1;", i);
  g_assert_null (tag_list_parse (many->str));
  many->str[strlen (many->str) - strlen ("t64=1;")] = '\0';
  g_autoptr (TagList) list = tag_list_parse (many->str);
  g_assert_nonnull (list);
}

static const struct {
  const char *value, *decoded;
} encoded[] = {
  { "aGVsbG8=", "hello" },
  { "aGVs\r\n\tbG8 =", "hello" },
  { "aGVsbG8h", "hello!" },
  { "aGVsbG8hIQ==", NULL }, /* more than six bytes */
  { "aGVsbG8", NULL },
  { "aGVs*G8=", NULL },
  { "aG=sbG8=", NULL },
  { "====", NULL },
  { "", NULL },
};

static void
test_base64 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (encoded); i++) {
    g_autoptr (GBytes) bytes = tag_base64_decode (encoded[i].value, 6);

    g_test_message ("%s", encoded[i].value);
    g_assert_true ((bytes != NULL) == (encoded[i].decoded != NULL));
    if (bytes)
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), encoded[i].decoded,
                       strlen (encoded[i].decoded));
  }
}

static void
test_words (void)
{
  guint64 number;

  g_assert_true (tag_words_contain ("sha1 : sha256", "sha256"));
  g_assert_false (tag_words_contain ("sha1:sha2567", "sha256"));
  g_assert_false (tag_words_contain ("", "y"));
  g_assert_true (tag_number_parse ("1700000000", &number) && number == 1700000000);
  g_assert_true (tag_number_parse ("999999999999", &number));
  g_assert_false (tag_number_parse ("1000000000000", &number));
  g_assert_false (tag_number_parse ("-1", &number));
  g_assert_false (tag_number_parse ("", &number));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tag-list/parse", test_parse);
  g_test_add_func ("/tag-list/find", test_find);
  g_test_add_func ("/tag-list/limits", test_limits);
  g_test_add_func ("/tag-list/base64", test_base64);
  g_test_add_func ("/tag-list/words", test_words);
  return g_test_run ();
}
