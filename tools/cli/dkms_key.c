// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key that DKMS signs modules with: does this machine's firmware trust it.
 *
 * The firmware's variables are lists of certificates.  They are looked through for the
 * bytes of the key's, which need not be understood for that.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dkms_key.h"

#define EFIVARS "/sys/firmware/efi/efivars/"
#define SHIM "-605dab50-e046-4300-abb6-3dd810dd8b23"

/* What the kernel took over from shim, then the firmware's own. */
static const char *const trusted[] = {
	EFIVARS "MokListRT" SHIM,
	"/sys/firmware/efi/mok-variables/MokListRT",
	EFIVARS "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f",
};

/* What mokutil wrote down for the next start. */
static const char pending[] = EFIVARS "MokNew" SHIM;

/* Returns how much there is, no more than @size; -1 if there is none. */
static ssize_t read_all(const char *path, unsigned char *content, size_t size)
{
	FILE *file = fopen(path, "re");
	ssize_t length;

	if (!file)
		return -1;
	length = (ssize_t)fread(content, 1, size, file);
	if (ferror(file))
		length = -1;
	fclose(file);
	return length;
}

static int has(const char *path, const unsigned char *key, size_t key_length)
{
	static unsigned char list[1 << 18];
	ssize_t length = read_all(path, list, sizeof(list));

	if (length < 0)
		return -1;
	return !!memmem(list, (size_t)length, key, key_length);
}

enum dkms_key dkms_key_state(void)
{
	static unsigned char key[1 << 14];
	ssize_t length = read_all(DKMS_KEY, key, sizeof(key));
	bool seen = false;
	size_t i;

	if (length <= 0)
		return access(DKMS_KEY, F_OK) ? DKMS_KEY_NONE : DKMS_KEY_UNKNOWN;
	for (i = 0; i < sizeof(trusted) / sizeof(*trusted); i++) {
		int found = has(trusted[i], key, (size_t)length);

		if (found > 0)
			return DKMS_KEY_ENROLLED;
		seen |= !found;
	}
	if (has(pending, key, (size_t)length) > 0)
		return DKMS_KEY_PENDING;
	return seen || !access(EFIVARS, R_OK | X_OK) ? DKMS_KEY_NOT_ENROLLED : DKMS_KEY_UNKNOWN;
}
