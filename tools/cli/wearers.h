/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WEARERS_H
#define WEARERS_H

#include <stdbool.h>

struct place;

int wearers_report(int ctx, const struct place *place, bool json);

#endif /* WEARERS_H */
