# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced in the guest: start nfs-ganesha, mount what it exports, and stop it.

share=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
behind=/export/tree mount=/mnt/nfs
server_pid=''

say() { printf '# %s\n' "$*"; }

# What the kernel needs to be a client, and what else is in a Debian that has NFS.
server_prepare() {
	local module
	while read -r module; do
		[ -d "/sys/module/${module%.ko}" ] || insmod "$share/modules/$module" || return
	done <"$share/modules/order"
	printf '%s\n' 'tcp tpi_cots_ord v inet tcp - -' 'tcp6 tpi_cots_ord v inet6 tcp - -' \
		'udp tpi_clts v inet udp - -' 'udp6 tpi_clts v inet6 udp - -' >/etc/netconfig
	modprobe -a ext4 loop
	mkdir -p /export $mount /var/lib/nfs/ganesha /run/ganesha
}

# A new file system to be exported.
server_disk() {
	! grep -q ' /export ' /proc/mounts || umount /export || return
	rm -f /tmp/disk
	truncate -s 256M /tmp/disk
	# Nothing of it is to outlive the guest.
	mkfs.ext4 -q -O ^has_journal /tmp/disk || return
	mount -o loop /tmp/disk /export && mkdir -m 755 $behind
}

# server_start before|after CONTEXTS [COMMAND...]: by COMMAND, if there is one
server_start() {
	local variant=$1 contexts=''
	[ "$variant" = before ] || contexts="Client_Contexts = $2;"
	shift 2
	# Nothing is to be remembered: what this kernel remembers could hide what the
	# server does, and so could what the server remembers.
	cat >/tmp/ganesha.conf <<-END
		NFS_Core_Param {
			Protocols = 4;
			Enable_UDP = false;
			Plugins_Dir = $share/$variant;
			$contexts
		}
		NFSv4 {
			Graceless = true;
			Only_Numeric_Owners = true;
		}
		EXPORT {
			Export_Id = 1;
			Path = $behind;
			Pseudo = /;
			Access_Type = RW;
			Squash = No_root_squash;
			SecType = sys;
			Attr_Expiration_Time = 0;
			FSAL { Name = VFS; }
		}
	END
	: >/tmp/ganesha.log
	LD_LIBRARY_PATH=$share/$variant "$@" "$share/$variant/ganesha.nfsd" -F \
		-f /tmp/ganesha.conf -L /tmp/ganesha.log -p /run/ganesha/pid &
	server_pid=$!
	for _ in {1..600}; do
		! : 2>/dev/null <>/dev/tcp/127.0.0.1/2049 || return 0
		[ -d /proc/$server_pid ] || break
		sleep 0.1
	done
	say "the server does not listen, its log:"
	sed 's/^/# /' /tmp/ganesha.log
	return 1
}

server_mount() {
	mount -i -t nfs4 -o vers=4.1,proto=tcp,sec=sys,addr=127.0.0.1,clientaddr=127.0.0.1 \
		-o noac,lookupcache=none 127.0.0.1:/ $mount
}

server_stop() {
	umount $mount
	kill -TERM "$server_pid"
	wait "$server_pid"
}
