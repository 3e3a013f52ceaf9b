/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROCESS_H
#define PROCESS_H

#include "identity.h"

/* Room for the name of a thread, as the kernel has it. */
#define PROCESS_NAME_SIZE 64

int process_identity(pid_t pid, struct identity *identity);
void process_thread_name(pid_t pid, pid_t tid, char name[PROCESS_NAME_SIZE]);
int process_each_thread(pid_t pid, int (*look)(pid_t tid, void *arg), void *arg);

#endif /* PROCESS_H */
