// SPDX-License-Identifier: MIT
/*
 * mountcheck: several users work on a mounted directory at once, one process each, and
 * see whether the server does for each what that one may, and nothing else.
 *
 * The kernel that has the mount looks at modes, too, and would hide what the server
 * lets through.  So the users have capabilities here that pass all of that over, of
 * which the server knows nothing: what is refused is refused by the server.
 */
#define _GNU_SOURCE
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mountcheck.h"
#include "number.h"

/* Exit status */
enum {
	STATUS_DIFFERENT = 1,	/* something was not as it has to be */
	STATUS_FAILED = 2,	/* wrong usage, or it could not be tried */
};

static struct {
	const char *mount;
	const char *behind;
	unsigned long operations;
	bool json;
	bool privileged;
	struct crowd crowd;
} options = {
	.operations = 1000,
};

bool in_group(const struct user *user, gid_t group)
{
	if (user->gid == group)
		return true;
	for (size_t i = 0; i < user->ngroups; i++)
		if (user->groups[i] == group)
			return true;
	return false;
}

/* --- arguments -------------------------------------------------------------------- */

/* A number up to the end or a separator, which is passed over. */
static bool take_id(const char **text, char separator, unsigned int *id)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(*text, &end, 10);
	if (errno || end == *text || **text == '-' || value >= UINT32_MAX ||
	    (*end && *end != separator))
		return false;
	*id = (unsigned int)value;
	*text = *end ? end + 1 : end;
	return true;
}

static void add_group(struct crowd *crowd, gid_t group)
{
	for (size_t i = 0; i < crowd->ngroups; i++)
		if (crowd->groups[i] == group)
			return;
	crowd->groups[crowd->ngroups++] = group;
}

static void add_user(const char *text, struct argp_state *state)
{
	struct crowd *crowd = &options.crowd;
	struct user *user = &crowd->users[crowd->count];
	const char *rest = text;

	if (crowd->count == USERS_LIMIT)
		argp_error(state, "more than %d users", USERS_LIMIT);
	if (!take_id(&rest, ':', &user->uid) || !take_id(&rest, ':', &user->gid))
		argp_error(state, "'%s' is not UID:GID[:GROUP,...]", text);
	if (!user->uid)
		argp_error(state, "root may everything: there is nothing to check");
	for (size_t i = 0; i < crowd->count; i++)
		if (crowd->users[i].uid == user->uid)
			argp_error(state, "user %u is there twice", user->uid);
	for (user->ngroups = 0; *rest; user->ngroups++) {
		if (user->ngroups == GROUPS_LIMIT)
			argp_error(state, "user %u has more than %d groups", user->uid,
				   GROUPS_LIMIT);
		if (!take_id(&rest, ',', &user->groups[user->ngroups]))
			argp_error(state, "'%s' is not UID:GID[:GROUP,...]", text);
		add_group(crowd, user->groups[user->ngroups]);
	}
	crowd->count++;
}

/* KIND=ERRNO, by name; KIND=0 is success */
static void expect(char *text, struct argp_state *state)
{
	char *equals = strchr(text, '=');
	const char *name;
	int error;

	if (!equals)
		argp_error(state, "'%s' is not KIND=ERRNO", text);
	*equals = '\0';
	for (error = 0; error < 4096; error++) {
		name = error ? strerrorname_np(error) : "0";
		if (name && !strcmp(name, equals + 1))
			break;
	}
	if (error == 4096)
		argp_error(state, "there is no error '%s'", equals + 1);
	if (deed_expect(text, error))
		argp_error(state, "there is no kind '%s', see --kinds", text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'n':
		options.operations = number_of(arg, ULONG_MAX);
		if (!options.operations)
			argp_error(state, "'%s' is not a positive number", arg);
		return 0;
	case 'b':
		options.behind = arg;
		return 0;
	case 'e':
		expect(arg, state);
		return 0;
	case 'j':
		options.json = true;
		return 0;
	case 'p':
		options.privileged = true;
		return 0;
	case 'k':
		for (size_t i = 0; deed_name(i); i++)
			puts(deed_name(i));
		exit(0);
	case ARGP_KEY_ARG:
		if (!state->arg_num)
			options.mount = arg;
		else
			add_user(arg, state);
		return 0;
	case ARGP_KEY_END:
		if (!options.mount || !options.crowd.count)
			argp_error(state, "a directory and users are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_table[] = {
	{ "operations", 'n', "N", 0, "at least, all users together; 1000 if not given", 0 },
	{ "behind", 'b', "DIR", 0, "the same directory as the server has it", 0 },
	{ "expect", 'e', "KIND=ERRNO", 0,
	  "what has to come of a kind of operation, or of all, on this server; 0: success", 0 },
	{ "json", 'j', NULL, 0, "print also what an operation took, an object a line", 0 },
	{ "privileged", 'p', NULL, 0,
	  "let users try also what takes a capability, where the mount has trusted.* and "
	  "security.* attributes", 0 },
	{ "kinds", 'k', NULL, 0, "print the kinds of operation, and end", 0 },
	{ 0 }
};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "DIR UID:GID[:GROUP,...]...",
	.doc = "Let users work in DIR, a mount, at once and see that each operation is done, or "
	       "refused, as it has to be for that user.\v"
	       "Run as root.  Works in a new directory of DIR, made with --behind, or where there "
	       "is none in DIR itself, which then is checked as what it is: a directory of this "
	       "machine.  The users are to have the same groups for the server, and at least two "
	       "of them different ones.\n\n"
	       "Exit status: 0 all was as it has to be, 1 something was not, 2 it could not be "
	       "tried.",
};

/* --- one user's process --------------------------------------------------------------- */

/* What this kernel asks for before it asks the server. */
static void raise_capabilities(void)
{
	const uint32_t wanted = 1 << CAP_CHOWN | 1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH |
				1 << CAP_FOWNER | 1 << CAP_SYS_ADMIN | 1U << CAP_SETFCAP;
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = wanted, .permitted = wanted } };

	if (syscall(SYS_capset, &header, data))
		err(STATUS_FAILED, "cannot pass over what this kernel would refuse");
}

static void take_identity(const struct user *user, bool unchecked)
{
	if (prctl(PR_SET_KEEPCAPS, unchecked) || setgroups(user->ngroups, user->groups) ||
	    setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		err(STATUS_FAILED, "cannot become user %u", user->uid);
	if (unchecked)
		raise_capabilities();
	umask(0);
}

static int open_tree(const char *top, const char *name)
{
	int directory = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int tree = directory < 0 ? -1 : openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (tree < 0)
		err(STATUS_FAILED, "cannot open %s/%s", top, name);
	close(directory);
	return tree;
}

/* Begins with all others, when the last writer of the pipe is gone. */
static void work(const struct user *user, const char *name, int begin, struct tally *tally)
{
	unsigned long share = (options.operations - 1) / options.crowd.count + 1;
	struct worker worker = { .crowd = &options.crowd, .me = user, .tally = tally,
				 .privileged = options.privileged };
	char nothing;

	take_identity(user, options.behind);
	worker.behind = open_tree(options.behind ?: options.mount, name);
	if (read(begin, &nothing, 1))
		err(STATUS_FAILED, "cannot wait for the others");
	worker.mount = open_tree(options.mount, name);
	while (tally->operations < share)
		deeds_round(&worker);
	tally->ended = true;
}

/* --- all of them ------------------------------------------------------------------------ */

static uint64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * 1000000000 + (uint64_t)at.tv_nsec;
}

static struct tally *make_tallies(size_t count)
{
	struct tally *tallies = mmap(NULL, count * sizeof(*tallies), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (tallies == MAP_FAILED)
		err(STATUS_FAILED, "no memory");
	return tallies;
}

/* How long it took. */
static uint64_t work_at_once(const char *name, struct tally *tallies)
{
	const struct crowd *crowd = &options.crowd;
	uint64_t begun;
	int begin[2];

	if (pipe2(begin, O_CLOEXEC))
		err(STATUS_FAILED, "cannot make a pipe");
	for (size_t i = 0; i < crowd->count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(STATUS_FAILED, "cannot start a process");
		if (!pid) {
			close(begin[1]);
			work(&crowd->users[i], name, begin[0], &tallies[i]);
			_exit(0);
		}
	}
	begun = now();
	close(begin[0]);
	close(begin[1]);
	while (wait(NULL) > 0)
		;
	return now() - begun;
}

static struct tally sum_up(const struct tally *tallies)
{
	struct tally sum = { .ended = true };

	for (size_t i = 0; i < options.crowd.count; i++) {
		sum.operations += tallies[i].operations;
		sum.refused += tallies[i].refused;
		sum.wrong += tallies[i].wrong;
		sum.deviations += tallies[i].deviations;
		sum.ended &= tallies[i].ended;
		for (size_t kind = 0; kind < KINDS_LIMIT; kind++) {
			sum.count[kind] += tallies[i].count[kind];
			sum.ns[kind] += tallies[i].ns[kind];
		}
	}
	return sum;
}

/* Each kind's is what its callers waited, the others' work at the same time included. */
static void print_json(const struct tally *sum, uint64_t ns)
{
	printf("{\"kind\": \"all\", \"operations\": %ju, \"users\": %zu, \"ns\": %.0f}\n",
	       (uintmax_t)sum->operations, options.crowd.count,
	       (double)ns / (double)sum->operations);
	for (size_t i = 0; deed_name(i); i++)
		if (sum->count[i])
			printf("{\"kind\": \"%s\", \"operations\": %ju, \"ns\": %.0f}\n",
			       deed_name(i), (uintmax_t)sum->count[i],
			       (double)sum->ns[i] / (double)sum->count[i]);
}

int main(int argc, char **argv)
{
	struct tally *tallies, sum;
	char name[NAME_SIZE];
	uint64_t ns;
	int top;

	argp_err_exit_status = STATUS_FAILED;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	snprintf(name, sizeof(name), "mountcheck-%d", getpid());
	top = open(options.behind ?: options.mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		err(STATUS_FAILED, "cannot open %s", options.behind ?: options.mount);
	umask(0);
	tallies = make_tallies(options.crowd.count);
	tree_make(top, name, &options.crowd);
	ns = work_at_once(name, tallies);

	sum = sum_up(tallies);
	/* What the users may not touch was touched by somebody else. */
	sum.wrong += tree_differs(top, name, &options.crowd);
	tree_remove(top, name);
	printf("%ju operations, %ju refused as expected, %ju under a wrong identity",
	       (uintmax_t)sum.operations, (uintmax_t)sum.refused, (uintmax_t)sum.wrong);
	if (sum.deviations)
		printf(", %ju otherwise not as expected", (uintmax_t)sum.deviations);
	puts(sum.ended ? "" : ", and not all users came to the end");
	if (options.json)
		print_json(&sum, ns);
	return sum.ended && !sum.wrong && !sum.deviations && sum.operations >= options.operations ?
	       0 : STATUS_DIFFERENT;
}
