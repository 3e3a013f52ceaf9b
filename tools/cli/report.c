// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports in JSON: one record on standard output.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "failure.h"
#include "report.h"

static void *enough_memory(void *made)
{
	if (made)
		return made;
	errno = ENOMEM;
	exit(failure_explained(NULL, "cannot make the report"));
}

struct json_object *json_record(void)
{
	return enough_memory(json_object_new_object());
}

struct json_object *json_list(void)
{
	return enough_memory(json_object_new_array());
}

/* NULL, for what is not known, becomes null. */
struct json_object *json_text(const char *text)
{
	return text ? enough_memory(json_object_new_string(text)) : NULL;
}

struct json_object *json_number(uint64_t number)
{
	return enough_memory(json_object_new_uint64(number));
}

/* -1, for what is not known, becomes null. */
struct json_object *json_truth(int truth)
{
	return truth < 0 ? NULL : enough_memory(json_object_new_boolean(truth));
}

void json_add(struct json_object *record, const char *key, struct json_object *value)
{
	if (json_object_object_add(record, key, value))
		enough_memory(NULL);
}

void json_append(struct json_object *list, struct json_object *value)
{
	if (json_object_array_add(list, value))
		enough_memory(NULL);
}

/* Prints and frees it. */
void json_print(struct json_object *record)
{
	const char *text = json_object_to_json_string_ext(record, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_NOSLASHESCAPE);

	puts(enough_memory((void *)text));
	json_object_put(record);
}
