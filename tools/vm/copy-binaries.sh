# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: copy programs, with the shared libraries they need, into a tree.

# /lib and /bin are links into /usr in the guest, as on the host.
guest_path() {
	case $1 in
	/lib/* | /lib64/* | /bin/* | /sbin/*) printf '/usr%s' "$1" ;;
	*) printf '%s' "$1" ;;
	esac
}

put() { # SOURCE ROOT DEST
	local dest=$2$3
	[ ! -e "$dest" ] || return 0
	mkdir -p "${dest%/*}"
	cp -L --preserve=mode "$1" "$dest"
}

# Libraries out of LIBDIR (the build's own) are left out: they go to /usr/lib.
libraries() { # LIBDIR PROGRAM...
	local libdir=$1
	shift
	[ $# -gt 0 ] || return 0
	# ldd fails for scripts and static programs: those need nothing.
	LD_LIBRARY_PATH=$libdir ldd "$@" 2>/dev/null |
		sed -nE 's|^[[:space:]]+([^ ]+ => )?(/[^ ]+) \(0x.*|\2|p' | sort -u |
		{ if [ -n "$libdir" ]; then grep -vF "$libdir/" || :; else cat; fi; }
}

put_libraries() { # ROOT LIBDIR PROGRAM...
	local root=$1 lib
	shift
	while read -r lib; do
		put "$lib" "$root" "$(guest_path "$lib")"
	done < <(libraries "$@")
}

# What a package installed, of what is of use in a guest.
package_files() { # NAME
	local path
	dpkg-query -L "$1" | while read -r path; do
		case $path in
		/usr/share/doc/* | /usr/share/man/* | /usr/share/lintian/* | /usr/share/locale/* | /etc/*) ;;
		*) [[ ! -h $path && -d $path ]] || printf '%s\n' "$path" ;;
		esac
	done
}

put_package() { # NAME ROOT: links stay links
	dpkg-query -s "$1" >/dev/null 2>&1 || return
	package_files "$1" | tar -cP --no-recursion -T - |
		tar -xP -C "$2" --transform 's,^/\(bin\|sbin\|lib\|lib64\)/,/usr/\1/,S' --transform 's,^/,,S'
}

package_programs() { # NAME: what may need libraries
	local path
	package_files "$1" | while read -r path; do
		case $path in
		*.so | *.so.* | */bin/* | */sbin/* | */libexec/*) [ ! -f "$path" ] || printf '%s\n' "$path" ;;
		esac
	done
}

# One archive, the same bytes for the same tree, whoever packs it.
pack() { # ROOT OUT
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio --quiet -o -H newc -R 0:0 --reproducible) >"$2"
}
