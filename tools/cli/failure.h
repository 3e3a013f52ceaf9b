/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAILURE_H
#define FAILURE_H

/**
 * struct explanation - what an errno means in one operation
 * @error: the errno; 0 ends a table
 * @status: exit status
 * @cause: what is wrong
 * @way_out: what to do
 */
struct explanation {
	int error;
	int status;
	const char *cause;
	const char *way_out;
};

void failure_begin(const char *who);
int failure(int status, const char *way_out, const char *cause, ...)
	__attribute__((format(printf, 3, 4)));
int failure_explained(const struct explanation *meanings, const char *what, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* FAILURE_H */
