/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef START_H
#define START_H

int start_command(char **argv);

#endif /* START_H */
