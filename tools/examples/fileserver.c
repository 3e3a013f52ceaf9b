// SPDX-License-Identifier: MIT
/*
 * fileserver: serve the files of a directory to all users of the machine over
 * an AF_UNIX socket, each with the rights that it has itself.
 *
 * One thread waits for all connections at once and hands those with a request
 * to a pool of threads.  A thread serves one request as the client, is itself
 * again, and hands the connection back: a client that is silent holds no thread,
 * and one that stops in the middle of a request is hung up on after a while.
 * The protocol is in protocol.h.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <ntimp.h>

#include "connection.h"
#include "failure.h"
#include "number.h"
#include "pool.h"
#include "protocol.h"
#include "session.h"

static struct {
	const char *socket;
	const char *root;
	size_t threads;
	size_t connections;
	bool verbose;
} options = {
	.socket = DEFAULT_SOCKET,
	.root = ".",
	.threads = 8,
	.connections = 400,
};

/* Set before the pool starts. */
static int root_fd, listener, epoll;

static size_t parse_number(const char *text, size_t most, struct argp_state *state)
{
	unsigned long number = number_of(text, most);

	if (!number)
		argp_error(state, "'%s' is not a number from 1 to %zu", text, most);
	return number;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 's':
		options.socket = arg;
		return 0;
	case 'r':
		options.root = arg;
		return 0;
	case 't':
		options.threads = parse_number(arg, 1024, state);
		return 0;
	case 'c':
		options.connections = parse_number(arg, 1000000, state);
		return 0;
	case 'v':
		options.verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_table[] = {
	{ "socket", 's', "PATH", 0, "where to listen, " DEFAULT_SOCKET " if not given", 0 },
	{ "root", 'r', "DIR", 0, "directory to serve, the current one if not given", 0 },
	{ "threads", 't', "N", 0, "requests served at once, 8 if not given", 0 },
	{ "connections", 'c', "N", 0, "clients at once, 400 if not given; half for one user", 0 },
	{ "verbose", 'v', NULL, 0, "report each request on stderr", 0 },
	{ 0 }
};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.doc = "Serve the files of a directory to all users of this machine, each with its own "
	       "rights.\vSIGINT or SIGTERM ends the server when the requests at work are done; a "
	       "second one ends it at once.",
};

const char *argp_program_version = "fileserver (ntimp) " VERSION;

static int do_nothing(void *arg)
{
	(void)arg;
	return 0;
}

/* Better no service than one with the rights of the server. */
static void check_impersonation(void)
{
	int error, ctx = ntimp_capture_anonymous();

	if (ctx >= 0 && !ntimp_run_as(ctx, do_nothing, NULL)) {
		close(ctx);
		return;
	}
	error = errno;
	warn("cannot act as a client");
	switch (error) {
	case ENODEV:
		errx(1, "  -> load the module: insmod ntimp.ko, or modprobe ntimp");
	case EACCES:
		errx(1, "  -> let the server open /dev/ntimp: start it as root, or see ntimp(4)");
	case EPERM:
		errx(1, "  -> the server needs CAP_SETUID and CAP_SETGID: start it as root");
	default:
		errx(1, "  -> is the module newer or older than this program?  See dmesg");
	}
}

/* A connection has two descriptors, a thread at work up to three. */
static void raise_descriptor_limit(void)
{
	const size_t needed = 2 * options.connections + 3 * options.threads + 32;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "getrlimit");
	if (limit.rlim_cur >= needed)
		return;
	limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
	if (limit.rlim_cur < needed || setrlimit(RLIMIT_NOFILE, &limit))
		errx(1, "%zu connections need %zu descriptors, and %lu are allowed\n"
		     "  -> ulimit -Hn %zu, or a smaller --connections", options.connections, needed,
		     (unsigned long)limit.rlim_max, needed);
}

static int watch(int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.ptr = what };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/* After an event, nothing is reported of a descriptor until this is called. */
static void watch_again(int fd, void *what)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT, .data.ptr = what };

	if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event))
		err(1, "epoll_ctl");
}

static void serve_one(void *item)
{
	struct connection *client = item;

	if (session_serve(client, root_fd, options.verbose)) {
		watch_again(client->stream, client);
		return;
	}
	connection_close(client);
	watch_again(listener, &listener);
}

static void accept_one(void)
{
	static const struct timespec pause = { .tv_nsec = 100000000 };
	struct connection *client;

	/* Those that come now wait until one of the others has gone. */
	if (connection_count() >= options.connections)
		return;
	client = connection_accept(listener);
	/* However many connections a user makes, half of them are for the others. */
	if (client && connection_count_of(client->uid) > (options.connections + 1) / 2) {
		if (options.verbose)
			warnx("uid %d has too many connections", (int)client->uid);
		connection_close(client);
	} else if (client && watch(client->stream, client)) {
		warn("cannot wait for another client");
		connection_close(client);
	} else if (!client && errno != EAGAIN && errno != ECONNABORTED) {
		warn("accept");
		nanosleep(&pause, NULL);
	}
	watch_again(listener, &listener);
}

static void serve_until_signal(struct pool *pool, int signals)
{
	struct epoll_event events[64];
	int i, count;

	if (watch(listener, &listener) || watch(signals, NULL))
		err(1, "epoll_ctl");
	for (;;) {
		count = epoll_wait(epoll, events, 64, -1);
		if (count < 0 && errno != EINTR)
			err(1, "epoll_wait");
		for (i = 0; i < count; i++) {
			if (!events[i].data.ptr)
				return;
			if (events[i].data.ptr == &listener)
				accept_one();
			else
				pool_put(pool, events[i].data.ptr);
		}
	}
}

int main(int argc, char **argv)
{
	sigset_t ending;
	struct pool *pool;
	int signals;

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	check_impersonation();
	raise_descriptor_limit();
	/* The mode of a new file is the client's to say. */
	umask(0);
	root_fd = open(options.root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		fail(1, "give a directory that there is, and that the server may enter: --root DIR",
		     "cannot serve %s", options.root);
	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	signals = signalfd(-1, &ending, SFD_CLOEXEC);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (signals < 0 || epoll < 0)
		fail(1, "raise the limit: ulimit -n", "cannot wait for clients");
	listener = listen_at(options.socket);
	if (listener < 0)
		fail(1, "give a socket in a directory where the server may write: --socket PATH",
		     "cannot listen at %s", options.socket);
	pool = pool_start(options.threads, 4 * options.threads, serve_one);
	if (!pool)
		fail(1, "ask for fewer, by --threads N, or raise the limit: ulimit -u",
		     "cannot start %zu threads", options.threads);
	fprintf(stderr, "fileserver: serving %s at %s with %zu threads\n", options.root,
		options.socket, options.threads);

	serve_until_signal(pool, signals);
	unlink(options.socket);
	/*
	 * The signal is still pending: take it, or it would end the process once
	 * they are unblocked for a second one to do that.
	 */
	(void)!read(signals, &(struct signalfd_siginfo){ 0 }, sizeof(struct signalfd_siginfo));
	sigprocmask(SIG_UNBLOCK, &ending, NULL);
	pool_stop(pool);
	connection_close_all();
	return 0;
}
