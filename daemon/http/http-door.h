/* The doors of the web server and of the admin API: sockets, who may come in and for how long,
 * TLS, bodies that stay within their bounds. libsoup speaks HTTP behind them. Main thread. */
#pragma once
#include <libsoup/soup.h>
#include <openssl/ssl.h>

typedef struct _HttpDoor HttpDoor;

typedef struct {
  const char *name; /* of the line in [listen]: "https" */
  guint connections_most;
  guint connections_per_address; /* loopback apart; 0: any number */
  guint connections_local; /* further ones from loopback: others cannot lock this machine out */
  gsize body_most; /* bytes of a request's body that are kept */
  guint idle_seconds; /* a client may be silent */
  guint lifetime_seconds; /* a connection lasts, whatever it does */
  /* What a new connection speaks TLS with; NULL: it is dropped. Without this function it is plain.
   */
  SSL *(*secure) (gpointer data);
  /* TRUE: nobody from there comes in. NULL: everybody does. */
  gboolean (*refuses) (GInetAddress *peer, gpointer data);
  /* A whole request. Answer it, or pause the message and do so later. */
  SoupServerCallback received;
  gpointer data;
} HttpDoorOptions;

HttpDoor *http_door_new (const HttpDoorOptions *options);
/* Listens no more; connections go on. */
void http_door_close (HttpDoor *door);
/* Ends all connections. Whoever paused a message has unpaused it before. */
void http_door_free (HttpDoor *door);

/* Listens on ADDRESS ("127.0.0.1:8420", "[::1]:8420"; port 0: any), with the socket that the
 * service manager has opened for it, if there is one. */
gboolean http_door_listen (HttpDoor *door, const char *address, GError **error);
/* Listens on ADDRESSES (NULL-terminated) and on nothing else; connections go on. FALSE: one cannot
 * be had, the others are open. */
gboolean http_door_update (HttpDoor *door, char **addresses, GError **error);
/* The port of the last http_door_listen. */
guint16 http_door_port (HttpDoor *door);

/* The connection of MESSAGE may be silent and last as long as it likes from now on: whoever takes
 * it over (soup_server_message_steal_connection) bounds it. It still counts. */
void http_door_hold (HttpDoor *door, SoupServerMessage *message);
/* The request had more than BODY_MOST bytes and nothing of them is kept: answer 413. */
gboolean http_door_is_too_large (SoupServerMessage *message);
/* It comes from a page of ours, or from a program that is no browser. A browser that knows a
 * password or a cookie shows it whatever page makes it ask: nothing may be changed for others. */
gboolean http_door_is_same_origin (SoupServerMessage *message);
/* Answers with BYTES, which it keeps a reference of. Nothing may guess another TYPE, and libsoup
 * ends a connection that it did not accept by itself after one answer: say so, or a client that
 * sends its next request there finds it dead. */
void http_door_answer (SoupServerMessage *message, guint status, const char *type, GBytes *bytes);
