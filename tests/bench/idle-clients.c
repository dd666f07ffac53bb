/* Many IMAP sessions over TLS 1.3 that log in, select INBOX and idle; for bench-idle.py.
 *   idle-clients PORT COUNT < USERS        USERS: lines of "address password", taken in turn
 * Prints "ready" when all idle, then for each EXISTS "SESSION NANOSECONDS" (CLOCK_MONOTONIC). Ends
 * with its standard input. */
#include <glib.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_LENGTH 4096
#define AT_ONCE 32 /* sessions on their way; the rest waits */

typedef enum { HANDSHAKE, GREETING, LOGIN, SELECT, IDLE, IDLING } Stage;

typedef struct {
  int fd;
  SSL *ssl;
  Stage stage;
  guint number;
  const char *user; /* "address password" */
  char line[LINE_MAX_LENGTH];
  gsize length;
} Session;

static SSL_CTX *tls;
static struct sockaddr_in server;
static GPtrArray *users;
static Session *sessions;
static guint count, started, idling;
static int poll_fd;

static guint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (guint64)time.tv_sec * 1000000000 + (guint64)time.tv_nsec;
}

static void
fail (const Session *session, const char *what)
{
  fprintf (stderr, "session %u (%s): %s: %s\n", session->number, session->user, what,
           strerror (errno));
  exit (1);
}

static void
send_line (Session *session, const char *line)
{
  if (SSL_write (session->ssl, line, (int)strlen (line)) <= 0)
    fail (session, "cannot send");
}

static void
start_session (void)
{
  Session *session = &sessions[started];
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT, .data.ptr = session };
  int one = 1;

  session->number = started++;
  session->user = users->pdata[session->number % users->len];
  session->fd = socket (AF_INET, SOCK_STREAM, 0);
  if (session->fd < 0 || connect (session->fd, (struct sockaddr *)&server, sizeof server) != 0)
    fail (session, "cannot connect");
  setsockopt (session->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl (session->fd, F_SETFL, O_NONBLOCK);
  session->ssl = SSL_new (tls);
  SSL_set_fd (session->ssl, session->fd);
  SSL_set_connect_state (session->ssl);
  if (epoll_ctl (poll_fd, EPOLL_CTL_ADD, session->fd, &event) != 0)
    fail (session, "cannot watch");
}

static void
handshake (Session *session)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = session };
  int result = SSL_do_handshake (session->ssl);

  if (result == 1) {
    session->stage = GREETING;
    epoll_ctl (poll_fd, EPOLL_CTL_MOD, session->fd, &event);
  } else if (SSL_get_error (session->ssl, result) == SSL_ERROR_WANT_READ)
    epoll_ctl (poll_fd, EPOLL_CTL_MOD, session->fd, &event);
  else if (SSL_get_error (session->ssl, result) != SSL_ERROR_WANT_WRITE)
    fail (session, "handshake");
}

/* One line has come: the next command, when it was the one that the stage waits for. */
static void
take_line (Session *session, const char *line)
{
  g_autofree char *login = NULL;

  if (session->stage == GREETING && g_str_has_prefix (line, "* OK")) {
    login = g_strdup_printf ("a LOGIN %s\r\n", session->user);
    session->stage = LOGIN;
    send_line (session, login);
  } else if (session->stage == LOGIN && g_str_has_prefix (line, "a OK")) {
    session->stage = SELECT;
    send_line (session, "b SELECT INBOX\r\n");
  } else if (session->stage == SELECT && g_str_has_prefix (line, "b OK")) {
    session->stage = IDLE;
    send_line (session, "c IDLE\r\n");
  } else if (session->stage == IDLE && line[0] == '+') {
    session->stage = IDLING;
    if (++idling == count)
      printf ("ready\n");
    else if (started < count)
      start_session ();
  } else if (session->stage == IDLING && strstr (line, "EXISTS") != NULL)
    printf ("%u %" G_GUINT64_FORMAT "\n", session->number, now ());
  else if (line[0] != '*') {
    errno = 0;
    fail (session, line);
  }
}

static void
take_input (Session *session)
{
  int got;

  while ((got = SSL_read (session->ssl, session->line + session->length,
                          (int)(LINE_MAX_LENGTH - 1 - session->length)))
         > 0) {
    char *begin = session->line, *end;

    session->length += (gsize)got;
    session->line[session->length] = '\0';
    while ((end = strstr (begin, "\r\n")) != NULL) {
      *end = '\0';
      take_line (session, begin);
      begin = end + 2;
    }
    session->length = strlen (begin);
    memmove (session->line, begin, session->length + 1);
    if (session->length == LINE_MAX_LENGTH - 1)
      fail (session, "an endless line");
  }
  if (SSL_get_error (session->ssl, got) != SSL_ERROR_WANT_READ)
    fail (session, "the connection ended");
}

static void
read_users (void)
{
  char line[1024];

  users = g_ptr_array_new ();
  while (fgets (line, sizeof line, stdin) != NULL && line[0] != '\n')
    g_ptr_array_add (users, g_strdup (g_strchomp (line)));
}

static void
run (void)
{
  struct epoll_event input = { .events = EPOLLIN, .data.ptr = NULL }, events[256];

  epoll_ctl (poll_fd, EPOLL_CTL_ADD, STDIN_FILENO, &input);
  while (started < count && started < AT_ONCE)
    start_session ();
  for (;;) {
    int ready = epoll_wait (poll_fd, events, G_N_ELEMENTS (events), -1);

    for (int i = 0; i < ready; i++) {
      Session *session = events[i].data.ptr;

      if (session == NULL)
        return; /* standard input has ended */
      if (session->stage == HANDSHAKE)
        handshake (session);
      else
        take_input (session);
    }
    fflush (stdout);
  }
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    return 2;
  count = (guint)atoi (argv[2]);
  server = (struct sockaddr_in) { .sin_family = AF_INET,
                                  .sin_port = htons ((guint16)atoi (argv[1])),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  tls = SSL_CTX_new (TLS_client_method ());
  SSL_CTX_set_min_proto_version (tls, TLS1_3_VERSION);
  SSL_CTX_set_mode (tls, SSL_MODE_RELEASE_BUFFERS);
  sessions = g_new0 (Session, count);
  poll_fd = epoll_create1 (0);
  read_users ();
  run ();
  return 0;
}
