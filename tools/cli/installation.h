/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef INSTALLATION_H
#define INSTALLATION_H

#include <limits.h>
#include <stdbool.h>

/* How far the key with which DKMS signs modules is trusted by this machine. */
enum dkms_key {
	DKMS_KEY_NONE,
	DKMS_KEY_UNKNOWN,
	DKMS_KEY_NOT_ENROLLED,
	DKMS_KEY_PENDING,
	DKMS_KEY_ENROLLED,
};

/**
 * struct installation - what modprobe would load, and what could be built
 * @release: of the running kernel
 * @module: path of its ntimp.ko, empty if it has none
 * @is_signed: that carries a signature, whosever it is; -1: not known
 * @headers: the headers of the running kernel are there
 * @dkms: version of the source that DKMS builds it from, empty if there is none
 * @key: DKMS's key
 */
struct installation {
	char release[65];
	char module[PATH_MAX];
	int is_signed;
	bool headers;
	char dkms[64];
	enum dkms_key key;
};

void installation_read(struct installation *installation, const char *release);

struct json_object;
void installation_describe(const struct installation *installation, bool loaded,
			   bool signed_only);
struct json_object *installation_json(const struct installation *installation);

#endif /* INSTALLATION_H */
