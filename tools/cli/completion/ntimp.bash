# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion of ntimp(8) for bash: the options are what --help lists.

_ntimp_reply() { # OPTIONS-OF-COMPGEN...
	mapfile -t COMPREPLY < <(compgen "$@" -- "$current")
}

_ntimp_options() { # PROGRAM [COMMAND]
	_ntimp_reply -W "$("$@" --help 2>/dev/null | sed -nE 's/^ +(-., )?(--[a-z-]+).*/\2/p')"
}

# Of a list separated by commas, the last item; the others stay in front.
_ntimp_last_of_list() { # WORDS
	local before=''
	[[ $current != *,* ]] || before=${current%,*},
	current=${current##*,}
	_ntimp_reply -P "$before" -W "$1"
}

_ntimp_capabilities() {
	sed -nE 's/^#define[[:space:]]+CAP_([A-Z_]+)[[:space:]]+[0-9]+$/\L\1/p' \
		/usr/include/linux/capability.h 2>/dev/null
}

_ntimp_numbers() { # PATH...: their last parts
	_ntimp_reply -W "${*##*/}"
}

# The value of an option; fails if it has none.
_ntimp_value() { # OPTION
	case $1 in
	--user | -u) _ntimp_reply -u ;;
	--groups | -g) _ntimp_last_of_list "$(compgen -g)" ;;
	--level | -l) _ntimp_reply -W 'anonymous identification impersonation delegation' ;;
	--caps | -C) _ntimp_last_of_list "none $(_ntimp_capabilities)" ;;
	--pid | -p | --thread | -t) _ntimp_numbers /proc/[0-9]* ;;
	--peer-fd | --context-fd | --socket-fd | -s | -c) _ntimp_numbers /proc/$$/fd/* ;;
	--uid | --gid | -U | -G | --interval | -i | --count | -n) ;;
	*) return 1 ;;
	esac
}

# Sets started to where the command begins that ntimp is to start, if it does.
_ntimp_started() {
	local i
	for ((i = 2; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" != -- ] || { started=$((i + 1)); return 0; }
	done
	return 1
}

_ntimp_command() { # INDEX: complete as if the line began there
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif [ "$COMP_CWORD" -eq "$1" ]; then
		_ntimp_reply -c
	else
		_ntimp_reply -f
	fi
}

_ntimp() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} started
	COMPREPLY=()
	# With = as a word break, --user=al is three words.
	if [ "$current" = = ]; then
		current=''
	elif [ "$previous" = = ]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	if [ "$COMP_CWORD" -eq 1 ]; then
		case $current in
		-*) _ntimp_options "$1" ;;
		*) _ntimp_reply -W 'status whoami exec-as capture show list top explain wearers revoke revert' ;;
		esac
	elif _ntimp_started; then
		_ntimp_command "$started"
	elif ! _ntimp_value "$previous"; then
		case ${COMP_WORDS[1]},$current in
		*,-*) _ntimp_options "$1" "${COMP_WORDS[1]}" ;;
		whoami,*) _ntimp_numbers /proc/[0-9]* ;;
		revert,*) _ntimp_numbers /proc/[0-9]*/task/[0-9]* ;;
		esac
	fi
}

complete -F _ntimp ntimp
