/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold after a call.  As long as nobody else has changed as whom a
 * worker acts, which others of its process may do at any time, it knows that
 * exactly; otherwise it looks, and what must hold always does.
 */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include "files.h"
#include "worker.h"

/* Look: at the beginning, and after anything that leaves it open. */
void oracle_look(struct worker *worker);
/* A call that could not, or must not, change anything. */
void oracle_unchanged(struct worker *worker);
/* A call by which the worker impersonates succeeded. */
void oracle_impersonates(struct worker *worker);
/* A call by which it is itself again did. */
void oracle_reverted(struct worker *worker);
/* Nobody can have meddled since the last of these. */
bool oracle_is_sure(struct worker *worker);
/* It is sure that it impersonates. */
bool oracle_surely_impersonates(struct worker *worker);

/* Opening a file for reading gave @result: 0 or -errno. */
void oracle_opened(struct worker *worker, const struct known_file *file, int result);
/* A call returned a descriptor of a file. */
void oracle_got_file(struct worker *worker, int fd);

#endif /* FUZZ_ORACLE_H */
