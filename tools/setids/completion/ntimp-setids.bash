# SPDX-License-Identifier: LGPL-2.1-only
# shellcheck shell=bash
# Completion of ntimp-setids(1) for bash: the options are what --help lists.

_ntimp_setids() {
	local current=${COMP_WORDS[COMP_CWORD]} i
	COMPREPLY=()
	# Sets i to where the command begins that is to be started.
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--) i=$((i + 1)); break ;;
		# With = as a word break, --contexts=8 is three words.
		-c | --contexts) i=$((i + 1)); [ "${COMP_WORDS[i]-}" != = ] || i=$((i + 1)) ;;
		-*) ;;
		*) break ;;
		esac
	done
	# The value of an option is a number.
	[ "$i" -le "$COMP_CWORD" ] || return 0
	if [[ $i -eq $COMP_CWORD && $current == -* && ${COMP_WORDS[i - 1]} != -- ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$1" --help 2>/dev/null |
			sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p')" -- "$current")
	elif declare -F _command_offset >/dev/null; then
		_command_offset "$i"
	elif [ "$i" -eq "$COMP_CWORD" ]; then
		mapfile -t COMPREPLY < <(compgen -c -- "$current")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -F _ntimp_setids ntimp-setids
