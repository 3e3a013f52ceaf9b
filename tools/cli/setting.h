/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SETTING_H
#define SETTING_H

#include <stddef.h>

int setting_read(const char *path, char *text, size_t size);
int setting_number(const char *path);

#endif /* SETTING_H */
