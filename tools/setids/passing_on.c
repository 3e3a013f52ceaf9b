// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Functions that hand a thread's identity on, or that a thread can't call while it acts
 * as a client: threads, processes, programs, capabilities, namespaces.  The kernel would
 * begin a process with the server's own identity, which is more than the program asked
 * for.  The thread is settled first; fork() is told of by pthread_atfork().
 */
#define _GNU_SOURCE
#include <alloca.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>
#include <unistd.h>
#include <wordexp.h>

#include "next.h"
#include "thread.h"

#define EXPORT	__attribute__((visibility("default")))

#define SETTLED(name, ...) ({ thread_settle(); NEXT(name)(__VA_ARGS__); })

/* --- threads and processes -------------------------------------------------------- */

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*fn)(void *),
			  void *arg)
{
	return SETTLED(pthread_create, thread, attr, fn, arg);
}

EXPORT int thrd_create(thrd_t *thread, thrd_start_t fn, void *arg)
{
	return SETTLED(thrd_create, thread, fn, arg);
}

EXPORT int clone(int (*fn)(void *), void *stack, int flags, void *arg, ...)
{
	void *parent_tid, *tls, *child_tid;
	va_list ap;

	va_start(ap, arg);
	parent_tid = va_arg(ap, void *);
	tls = va_arg(ap, void *);
	child_tid = va_arg(ap, void *);
	va_end(ap);
	return SETTLED(clone, fn, stack, flags, arg, parent_tid, tls, child_tid);
}

/* Its child may do no more than one of fork() may. */
EXPORT pid_t vfork(void)
{
	return fork();
}

EXPORT pid_t _Fork(void)
{
	return SETTLED(_Fork);
}

/* --- programs -------------------------------------------------------------------------- */

EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	return SETTLED(posix_spawn, pid, path, actions, attr, argv, envp);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
			const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
	return SETTLED(posix_spawnp, pid, file, actions, attr, argv, envp);
}

EXPORT FILE *popen(const char *command, const char *type)
{
	return SETTLED(popen, command, type);
}

EXPORT int system(const char *command)
{
	return SETTLED(system, command);
}

EXPORT int wordexp(const char *words, wordexp_t *expanded, int flags)
{
	return SETTLED(wordexp, words, expanded, flags);
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return SETTLED(execve, path, argv, envp);
}

EXPORT int execv(const char *path, char *const argv[])
{
	return SETTLED(execv, path, argv);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return SETTLED(execvp, file, argv);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return SETTLED(execvpe, file, argv, envp);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	return SETTLED(fexecve, fd, argv, envp);
}

EXPORT int execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags)
{
	return SETTLED(execveat, dirfd, path, argv, envp, flags);
}

/* Arguments up to NULL, which counts; more than the kernel takes don't fit anywhere. */
static size_t count_arguments(va_list *ap)
{
	size_t count = 2;

	while (va_arg(*ap, char *))
		count++;
	return count;
}

static void take_arguments(char **argv, const char *first, va_list *ap)
{
	size_t i = 0;

	argv[i++] = (char *)first;
	do {
		argv[i] = va_arg(*ap, char *);
	} while (argv[i++]);
}

#define ARGUMENTS(argv, first, ap)				\
	do {							\
		va_list counted;				\
								\
		va_copy(counted, ap);				\
		(argv) = alloca(count_arguments(&counted) * sizeof(char *));	\
		va_end(counted);				\
		take_arguments(argv, first, &(ap));		\
	} while (0)

EXPORT int execl(const char *path, const char *first, ...)
{
	char **argv;
	va_list ap;

	va_start(ap, first);
	ARGUMENTS(argv, first, ap);
	va_end(ap);
	return execv(path, argv);
}

EXPORT int execlp(const char *file, const char *first, ...)
{
	char **argv;
	va_list ap;

	va_start(ap, first);
	ARGUMENTS(argv, first, ap);
	va_end(ap);
	return execvp(file, argv);
}

EXPORT int execle(const char *path, const char *first, ...)
{
	char **argv, **envp;
	va_list ap;

	va_start(ap, first);
	ARGUMENTS(argv, first, ap);
	envp = va_arg(ap, char **);
	va_end(ap);
	return execve(path, argv, envp);
}

/* --- rights and namespaces ------------------------------------------------------------- */

int capset(cap_user_header_t header, const cap_user_data_t data);

EXPORT int capset(cap_user_header_t header, const cap_user_data_t data)
{
	return SETTLED(capset, header, data);
}

EXPORT int unshare(int flags)
{
	return SETTLED(unshare, flags);
}

EXPORT int setns(int fd, int type)
{
	return SETTLED(setns, fd, type);
}
