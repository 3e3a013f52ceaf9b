/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROVE_H
#define PROVE_H

#include "identity.h"

int prove(int ctx, struct identity *client);

#endif /* PROVE_H */
