/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMANDS_H
#define COMMANDS_H

/*
 * Each command parses its own arguments, argv[0] being "ntimp NAME", and
 * returns the exit status.
 */
int capture_command(int argc, char **argv);
int exec_as_command(int argc, char **argv);
int explain_command(int argc, char **argv);
int list_command(int argc, char **argv);
int revert_command(int argc, char **argv);
int revoke_command(int argc, char **argv);
int show_command(int argc, char **argv);
int status_command(int argc, char **argv);
int top_command(int argc, char **argv);
int wearers_command(int argc, char **argv);
int whoami_command(int argc, char **argv);

#endif /* COMMANDS_H */
