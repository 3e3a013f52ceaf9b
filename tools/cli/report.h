/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REPORT_H
#define REPORT_H

#include <json.h>

/* What begins a line of a report for people. */
#define LABEL "%-16s"

/*
 * JSON values.  Values are handed over to the object or list they are put in.
 * Each of these ends the program if there is no memory.
 */
struct json_object *json_record(void);
struct json_object *json_list(void);
struct json_object *json_text(const char *text);
struct json_object *json_number(uint64_t number);
struct json_object *json_truth(int truth);
void json_add(struct json_object *record, const char *key, struct json_object *value);
void json_append(struct json_object *list, struct json_object *value);
void json_print(struct json_object *record);

#endif /* REPORT_H */
