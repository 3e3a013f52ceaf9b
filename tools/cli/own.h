/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef OWN_H
#define OWN_H

#include <stdint.h>

/**
 * struct own_caps - capabilities of this process
 * @permitted: what it could use
 * @effective: what it uses
 * @inheritable: what it may hand to some of the programs it starts
 * @ambient: what it hands to all of them
 */
struct own_caps {
	uint64_t permitted;
	uint64_t effective;
	uint64_t inheritable;
	uint64_t ambient;
};

int own_capabilities(struct own_caps *caps);
uint64_t own_bounding(void);
unsigned int own_user_namespace(void);

#endif /* OWN_H */
