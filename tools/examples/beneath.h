/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_BENEATH_H
#define NTIMP_EXAMPLES_BENEATH_H

#include <sys/types.h>

/*
 * Operations on paths that cannot leave the directory root, by "..", absolute
 * path or symbolic link (EXDEV).  Each returns -1 and errno on failure.
 */
int open_beneath(int root, const char *path, int flags, mode_t mode);
int make_directory_beneath(int root, const char *path, mode_t mode);
int remove_beneath(int root, const char *path);

#endif /* NTIMP_EXAMPLES_BENEATH_H */
