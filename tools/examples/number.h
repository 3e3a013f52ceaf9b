/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_NUMBER_H
#define NTIMP_EXAMPLES_NUMBER_H

/* What @text says in decimal, from 1 to @most; 0 if it says no such number. */
unsigned long number_of(const char *text, unsigned long most);

#endif /* NTIMP_EXAMPLES_NUMBER_H */
