/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "identity.h"

struct json_object;

const char *level_name(unsigned int level);
const char *source_name(unsigned int source);
int level_by_name(const char *name, unsigned int *level);
int source_by_name(const char *name, unsigned int *source);
int tracking_by_name(const char *name, unsigned int *tracking);

void describe_identity(const struct identity *identity);
void describe_context(const struct ntimp_info *context);
struct json_object *json_identity(const struct identity *identity);
struct json_object *json_context(const struct ntimp_info *context);
void report_client(const struct identity *client, bool json);

#endif /* DESCRIBE_H */
