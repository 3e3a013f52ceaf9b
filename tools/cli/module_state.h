/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODULE_STATE_H
#define MODULE_STATE_H

#include <stdbool.h>
#include <sys/types.h>

#include <linux/ntimp.h>

#define DEVICE_PATH "/dev/ntimp"

/**
 * struct module_state - the module and its device
 * @loaded: the kernel has the module
 * @device: /dev/ntimp is there
 * @mode: its mode
 * @uid: its owner
 * @gid: its group
 * @error: errno of opening and asking it, or 0
 * @version: what it answered, if @error is 0
 */
struct module_state {
	bool loaded;
	bool device;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	int error;
	struct ntimp_version version;
};

void module_state_read(struct module_state *state);
unsigned long long module_guards_missing(const struct ntimp_version *version);
bool module_usable(const struct module_state *state);

struct json_object;
void module_describe(const struct module_state *state);
void module_json(struct json_object *report, const struct module_state *state);

#endif /* MODULE_STATE_H */
