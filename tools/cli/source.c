// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options that say who the client is, and the capture of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include "failure.h"
#include "number.h"
#include "source.h"

enum {
	OPTION_USER = 'u',
	OPTION_UID = 'U',
	OPTION_GID = 'G',
	OPTION_GROUPS = 'g',
	OPTION_PEER_FD = 's',
	OPTION_CONTEXT_FD = 'c',
	OPTION_PID = 'p',
	OPTION_SELF = 'S',
	OPTION_ANONYMOUS = 'A',
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The client, one of:", 1 },
	{ "user", OPTION_USER, "NAME", 0, "a user, with the groups of a login", 1 },
	{ "uid", OPTION_UID, "N", 0, "a user's number, with --gid and --groups", 1 },
	{ "peer-fd", OPTION_PEER_FD, "N", 0, "the peer of the AF_UNIX socket on descriptor N", 1 },
	{ "context-fd", OPTION_CONTEXT_FD, "N", 0, "the client of the context on descriptor N", 1 },
	{ "pid", OPTION_PID, "PID", 0, "what a process is now", 1 },
	{ "self", OPTION_SELF, NULL, 0, "who calls", 1 },
	{ "anonymous", OPTION_ANONYMOUS, NULL, 0, "nobody", 1 },
	{ NULL, 0, NULL, 0, "With --uid:", 2 },
	{ "gid", OPTION_GID, "N", 0, "number of the group", 2 },
	{ "groups", OPTION_GROUPS, "A,B,C", 0,
	  "supplementary groups, by name or number (default: none)", 2 },
	{ 0 }
};

static uint32_t parse_number(struct argp_state *state, const char *option, const char *arg,
			     uint32_t most)
{
	uint32_t value = 0;

	if (number_parse(arg, most, &value))
		argp_error(state, "--%s wants a number up to %u, not `%s'", option, most, arg);
	return value;
}

static int parse_group(const char *name, gid_t *gid)
{
	const struct group *group;

	if (!number_parse(name, UINT32_MAX - 1, gid))
		return 0;
	group = getgrnam(name);
	if (!group)
		return -1;
	*gid = group->gr_gid;
	return 0;
}

static void parse_groups(struct argp_state *state, char *list, struct source *source)
{
	char *name;

	source->groups_given = true;
	source->ngroups = 0;
	free(source->groups);
	source->groups = reallocarray(NULL, strlen(list) / 2 + 1, sizeof(gid_t));
	if (!source->groups)
		argp_failure(state, EX_OSERR, ENOMEM, "--groups");
	if (!*list)
		return;
	while ((name = strsep(&list, ",")))
		if (parse_group(name, &source->groups[source->ngroups++]))
			argp_failure(state, EX_NOUSER, 0, "there is no group `%s'\n"
				     "  -> getent group lists the groups", name);
}

static void check(struct argp_state *state, const struct source *source)
{
	if (source->kind == OPTION_UID && !source->gid_given)
		argp_error(state, "--uid needs --gid");
	if (source->kind != OPTION_UID && (source->gid_given || source->groups_given))
		argp_error(state, "--gid and --groups go with --uid");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct source *source = state->input;

	switch (key) {
	case OPTION_GID:
		source->gid = parse_number(state, "gid", arg, UINT32_MAX - 1);
		source->gid_given = true;
		return 0;
	case OPTION_GROUPS:
		parse_groups(state, arg, source);
		return 0;
	case ARGP_KEY_END:
		check(state, source);
		return 0;
	case OPTION_USER:
		source->user = arg;
		break;
	case OPTION_UID:
		source->uid = parse_number(state, "uid", arg, UINT32_MAX - 1);
		break;
	case OPTION_PEER_FD:
		source->fd = (int)parse_number(state, "peer-fd", arg, INT32_MAX);
		break;
	case OPTION_CONTEXT_FD:
		source->fd = (int)parse_number(state, "context-fd", arg, INT32_MAX);
		break;
	case OPTION_PID:
		source->pid = (pid_t)parse_number(state, "pid", arg, INT32_MAX);
		break;
	case OPTION_SELF:
	case OPTION_ANONYMOUS:
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	if (source->kind)
		argp_error(state, "there can be one client only");
	source->kind = key;
	return 0;
}

const struct argp source_argp = { .options = options, .parser = parse };

#define NEEDS_SETID	"it takes CAP_SETUID and CAP_SETGID: run it as root"
#define ASK_FOR_LESS	"ask for less: capture --level, --effective-only"

static const struct explanation ids_failures[] = {
	{ ENOENT, EX_NOUSER, "there is no such user", "getent passwd lists the users" },
	{ EINVAL, EX_DATAERR, "an id has no meaning here",
	  "look whether it is mapped in this user namespace: /proc/self/uid_map, gid_map" },
	{ EPERM, EX_NOPERM, "clients made of ids are not for everybody", NEEDS_SETID },
	{ 0 }
};

const struct explanation source_peer_failures[] = {
	{ ENOTSOCK, EX_NOINPUT, "not a socket", "give a connected AF_UNIX socket" },
	{ EOPNOTSUPP, EX_NOINPUT, "not an AF_UNIX socket",
	  "the kernel knows the peers of local sockets only" },
	{ ENOTCONN, EX_NOINPUT, "the socket is not connected", "give the one that accept(2) made" },
	{ EPERM, EX_NOPERM, "the peer acts for somebody who allows less", ASK_FOR_LESS },
	{ 0 }
};

static const struct explanation context_failures[] = {
	{ EINVAL, EX_NOINPUT, "the descriptor is not a context", "`ntimp show N' looks at one" },
	{ EPERM, EX_NOPERM, "the context allows less", ASK_FOR_LESS },
	{ 0 }
};

static const struct explanation pid_failures[] = {
	{ EINVAL, EX_DATAERR, "a thread, not a process", "give the number of its process" },
	{ EPERM, EX_NOPERM, "not everybody may act as a process, and a process that acts for "
	  "somebody who allows less can be captured for less only", NEEDS_SETID "; " ASK_FOR_LESS },
	{ 0 }
};

static int capture_pid(pid_t pid, const struct ntimp_qos *qos)
{
	int ctx, pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		return -1;
	ctx = ntimp_capture_pidfd(pidfd, qos);
	close(pidfd);
	return ctx;
}

static int capture_anonymous(const struct ntimp_qos *qos)
{
	int anonymous = ntimp_capture_anonymous();
	int ctx;

	if (!qos || anonymous < 0)
		return anonymous;
	ctx = ntimp_duplicate(anonymous, qos);
	close(anonymous);
	return ctx;
}

/* Without a quality of service of its own it is the same context. */
static int capture_context(int fd, const struct ntimp_qos *qos)
{
	return qos ? ntimp_duplicate(fd, qos) : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/*
 * Makes a context, with qos (NULL: the usual one); tells why not and returns
 * the exit status for it.
 */
int source_capture(const struct source *source, const struct ntimp_qos *qos, int *ctx)
{
	const struct explanation *failures = NULL;

	switch (source->kind) {
	case OPTION_USER:
		*ctx = ntimp_capture_user(source->user, qos);
		failures = ids_failures;
		break;
	case OPTION_UID:
		*ctx = ntimp_capture_ids(source->uid, source->gid, source->ngroups,
					 source->groups, qos);
		failures = ids_failures;
		break;
	case OPTION_PEER_FD:
		*ctx = ntimp_capture_peer(source->fd, qos);
		failures = source_peer_failures;
		break;
	case OPTION_CONTEXT_FD:
		*ctx = capture_context(source->fd, qos);
		failures = context_failures;
		break;
	case OPTION_PID:
		*ctx = capture_pid(source->pid, qos);
		failures = pid_failures;
		break;
	case OPTION_ANONYMOUS:
		*ctx = capture_anonymous(qos);
		failures = context_failures;
		break;
	default:
		*ctx = ntimp_capture_self(qos);
	}
	return *ctx < 0 ? failure_explained(failures, "no context of the client") : EX_OK;
}
