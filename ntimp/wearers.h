/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _NTIMP_WEARERS_H
#define _NTIMP_WEARERS_H

struct ntimp_context;
struct task_struct;

/**
 * struct ntimp_wearers_list - threads that wear a context
 * @tasks: the threads, a reference on each
 * @count: how many
 * @room: for how many there is room at @tasks
 */
struct ntimp_wearers_list {
	struct task_struct **tasks;
	unsigned int count;
	unsigned int room;
};

int ntimp_wearers_find(const struct ntimp_context *ctx,
		       struct ntimp_wearers_list *list);
void ntimp_wearers_free(struct ntimp_wearers_list *list);

#endif /* _NTIMP_WEARERS_H */
