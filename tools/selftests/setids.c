// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "setids.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "persona.h"

#define EPISODES	40
#define STEPS		12
#define NO_ID		((uid_t)-1)

#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

void setids_preload(char **argv)
{
	const char *loaded = getenv("LD_PRELOAD");

	if (loaded && strstr(loaded, SETIDS_LIBRARY))
		return;
	if (setenv("LD_PRELOAD", SETIDS_LIBRARY, 1))
		err(1, "setenv");
	execv("/proc/self/exe", argv);
	err(1, "exec");
}

/* --- the process that is traced -------------------------------------------------- */

static const uid_t ids[] = { 0, 1000, 1001, 1002 };
static const gid_t many[] = { 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15 };
static const struct {
	size_t count;
	gid_t groups[16];
} lists[] = {
	{ 0 },
	{ 1, { 2000 } },
	{ 2, { 2000, 1001 } },
	{ 3, { 1002, 0, 2000 } },
};

static unsigned int state, *worn_times;

static unsigned int draw(unsigned int below)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % below;
}

static uid_t draw_id(void)
{
	return ids[draw(COUNT(ids))];
}

static uid_t draw_id_or_none(void)
{
	return draw(2) ? draw_id() : NO_ID;
}

static long draw_groups(bool raw)
{
	unsigned int list = draw(COUNT(lists) + 1);
	const gid_t *groups = list < COUNT(lists) ? lists[list].groups : many;
	size_t count = list < COUNT(lists) ? lists[list].count : COUNT(many);

	printf("groups %u: ", list);
	return raw ? syscall(SYS_setgroups, count, groups) : setgroups(count, groups);
}

/* The arguments are drawn before the call that they are printed with. */
static long step(void)
{
	unsigned int what = draw(40);
	uid_t a = draw_id(), b = draw_id_or_none(), c = draw_id_or_none();

	printf("%u(%d,%d,%d): ", what, (int)a, (int)b, (int)c);
	switch (what) {
	case 0 ... 5:
		return syscall(SYS_setfsuid, a);
	case 6 ... 9:
		return setfsuid(a);
	case 10 ... 12:
		return syscall(SYS_setfsgid, a);
	case 13 ... 14:
		return setfsgid(a);
	case 15 ... 18:
		return draw_groups(true);
	case 19 ... 20:
		return draw_groups(false);
	case 21 ... 23:
		return syscall(SYS_setresuid, NO_ID, a, NO_ID);
	case 24 ... 26:
		return seteuid(a);
	case 27 ... 29:
		return syscall(SYS_setresgid, NO_ID, a, NO_ID);
	case 30 ... 31:
		return setegid(a);
	case 32:
		return syscall(SYS_setresuid, b, a, c);
	case 33:
		return syscall(SYS_setresgid, b, a, c);
	case 34:
		return setreuid(b, c);
	case 35:
		return setregid(b, c);
	case 36:
		return setresuid(b, c, a);
	case 37:
		return draw(4) ? setegid(a) : setgid(a);
	case 38:
		return draw(4) ? seteuid(0) : setuid(a);
	default:
		return syscall(SYS_setfsuid, NO_ID);
	}
}

static void show_identity(void)
{
	struct identity is;

	if (identity_subjective(&is))
		err(1, "identity");
	printf(" u %u %u %u %u g %u %u %u %u:", is.uid, is.euid, is.suid, is.fsuid,
	       is.gid, is.egid, is.sgid, is.fsgid);
	for (size_t i = 0; i < is.ngroups; i++)
		printf(" %u", is.groups[i]);
}

static const char *const files[] = { "root", "client", "other", "group" };

static void show_rights(void)
{
	struct stat st;
	int fd;

	for (size_t i = 0; i < COUNT(files); i++) {
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
		printf(" %d", fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
	fd = open("new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &st) || unlink("new"))
		printf(" error %d", errno);
	else
		printf(" made by %u %u", st.st_uid, st.st_gid);
	close(fd);
}

/* What a child has is what the kernel takes its parent for. */
static void show_child(void)
{
	pid_t child;

	fflush(stdout);
	child = draw(2) ? fork() : vfork();
	if (!child) {
		struct identity is;

		if (!identity_objective(getpid(), &is))
			dprintf(1, " child %u %u %u %u, %zu groups, %llx", is.uid, is.euid,
				is.fsuid, is.fsgid, is.ngroups, (unsigned long long)is.effective);
		_exit(0);
	}
	if (waitpid(child, NULL, 0) != child)
		err(1, "wait");
}

static void run_episode(void)
{
	int dev = device_open();

	for (int i = 0; i < STEPS; i++) {
		long ret;

		errno = 0;
		ret = step();
		printf("%ld %d", ret, ret < 0 ? errno : 0);
		show_identity();
		show_rights();
		if (dev >= 0 && device_worn_id(dev, 0) > 0)
			++*worn_times;
		/* It ends the wearing, which is what is to be tested most of the time. */
		if (!draw(16))
			show_child();
		printf("\n");
	}
	fflush(stdout);
}

static void take_role(enum setids_role role)
{
	const struct persona roles[] = {
		[SETIDS_CAPABLE] = PERSONA_CAPS(1000, CAPS_SETIDS),
		[SETIDS_USER] = PERSONA_USER(1000),
	};

	if (role != SETIDS_ROOT && persona_take(&roles[role]))
		errx(1, "role");
}

static void prepare_files(char *path)
{
	static const uid_t owners[] = { 0, 1001, 1002, 0 };

	if (!mkdtemp(path) || chmod(path, 0777) || chdir(path))
		err(1, "%s", path);
	for (size_t i = 0; i < COUNT(files); i++) {
		int fd = open(files[i], O_WRONLY | O_CREAT | O_EXCL, 0600);
		bool shared = !strcmp(files[i], "group");

		if (fd < 0 || fchown(fd, owners[i], shared ? 2000 : owners[i]) ||
		    fchmod(fd, shared ? 0640 : 0600))
			err(1, "%s", files[i]);
		close(fd);
	}
}

static void remove_files(const char *path)
{
	for (size_t i = 0; i < COUNT(files); i++)
		unlink(files[i]);
	unlink("new");
	rmdir(path);
}

static void trace(unsigned int seed, enum setids_role role)
{
	char path[] = "/tmp/setids.XXXXXX";
	int status;

	worn_times = mmap(NULL, sizeof(*worn_times), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (worn_times == MAP_FAILED)
		err(1, "mmap");
	prepare_files(path);
	for (unsigned int i = 0; i < EPISODES; i++) {
		pid_t child;

		state = seed * EPISODES + i;
		fflush(stdout);
		child = fork();
		if (!child) {
			take_role(role);
			run_episode();
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			errx(1, "episode %u: status %x", i, status);
		printf("end of episode %u\n", i);
	}
	remove_files(path);
	printf("worn %u\n", *worn_times);
	fflush(stdout);
}

void setids_trace_here(int argc, char **argv)
{
	if (argc != 4 || strcmp(argv[1], "trace"))
		return;
	trace((unsigned int)atoi(argv[2]), (enum setids_role)atoi(argv[3]));
	_exit(0);
}

/* --- the process that looks ----------------------------------------------------------- */

static char *read_all(int fd)
{
	size_t size = 1 << 20, length = 0;
	char *text = malloc(size);
	ssize_t got = 0;

	while (text && length < size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	if (text)
		text[length] = '\0';
	return text;
}

/* To be freed; NULL: it failed. */
static char *trace_of(unsigned int seed, enum setids_role role, bool under_library,
		      unsigned int *worn)
{
	char seed_text[16], role_text[16];
	char name[] = "setids", mode[] = "trace";
	char *const argv[] = { name, mode, seed_text, role_text, NULL };
	int line[2], status;
	char *text, *last;
	pid_t child;

	snprintf(seed_text, sizeof(seed_text), "%u", seed);
	snprintf(role_text, sizeof(role_text), "%u", role);
	if (pipe2(line, O_CLOEXEC))
		return NULL;
	child = fork();
	if (!child) {
		dup2(line[1], STDOUT_FILENO);
		if (under_library)
			setenv("LD_PRELOAD", SETIDS_LIBRARY, 1);
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(line[1]);
	text = read_all(line[0]);
	close(line[0]);
	if (child < 0 || waitpid(child, &status, 0) != child || status || !text)
		goto out_free;
	last = strstr(text, "\nworn ");
	if (!last || sscanf(last, "\nworn %u", worn) != 1)
		goto out_free;
	*last = '\0';
	return text;

out_free:
	free(text);
	return NULL;
}

/* Where the first line that differs begins. */
static size_t differing_line(const char *a, const char *b)
{
	size_t line = 0;

	for (size_t i = 0; a[i] == b[i] && a[i]; i++) {
		if (a[i] == '\n')
			line = i + 1;
	}
	return line;
}

static void show_difference(const char *without, const char *with)
{
	size_t line = differing_line(without, with);

	fprintf(stderr, "# without: %.*s\n#    with: %.*s\n",
		(int)strcspn(without + line, "\n"), without + line,
		(int)strcspn(with + line, "\n"), with + line);
}

bool setids_is_same(unsigned int seed, enum setids_role role, unsigned int *worn)
{
	unsigned int never = 0;
	char *without = trace_of(seed, role, false, &never);
	char *with = trace_of(seed, role, true, worn);
	bool same = without && with && !strcmp(without, with) && !never;

	if (without && with && !same)
		show_difference(without, with);
	free(without);
	free(with);
	return same;
}
