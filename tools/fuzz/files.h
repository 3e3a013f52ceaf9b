/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of different owners and modes, and who may open them: the rules of
 * file(7) for who has no capabilities.
 */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include <stdbool.h>
#include <sys/types.h>

#include "identity.h"
#include "scratch.h"

/**
 * struct known_file - a file below the scratch directory
 * @name: its name
 * @uid: owner
 * @gid: group
 * @mode: mode
 */
struct known_file {
	const char *name;
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

#define KNOWN_FILES	9
#define ROOTS_FILE	0	/* for root alone */

extern const struct known_file known_files[KNOWN_FILES];

int files_make(const struct scratch *scratch);
/* May who acts like this, without capabilities, read the file? */
bool file_is_readable(const struct known_file *file, const struct identity *identity);

#endif /* FUZZ_FILES_H */
