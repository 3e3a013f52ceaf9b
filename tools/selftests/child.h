/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes which a test makes: as somebody, in step with their parent.
 *
 * Parent and child have one line, over which either sends numbers and
 * descriptors and waits for those of the other: no test needs to sleep.
 * A child is killed when its parent ends.
 */
#ifndef SELFTEST_CHILD_H
#define SELFTEST_CHILD_H

#include <sys/types.h>

#include "persona.h"

/**
 * struct child - a child process, for its parent; the parent, for the child
 * @pid: the process
 * @line: connected socket
 */
struct child {
	pid_t pid;
	int line;
};

/*
 * Make a child that runs @fn as @who (NULL: as its parent).  Returns when the
 * child has become @who: 0; or -ECHILD, which no test expects of what it tests,
 * and there is no child then.
 */
int child_start(struct child *child, const struct persona *who,
		int (*fn)(const struct child *parent, void *arg), void *arg);

/* A number of either side; what is received is the number, or -EPIPE. */
int child_send(const struct child *other, int number);
int child_receive(const struct child *other);

/* The same for a descriptor. */
int child_send_fd(const struct child *other, int fd);
int child_receive_fd(const struct child *other);

/*
 * Wait for the end of a child, which sees the line closed: what @fn returned,
 * or -ECHILD if it was ended otherwise.
 */
int child_finish(struct child *child);

/* Run @fn in a child as @who (NULL: as its parent): what @fn returned, or -ECHILD. */
int child_run(const struct persona *who, int (*fn)(void *arg), void *arg);

#endif /* SELFTEST_CHILD_H */
