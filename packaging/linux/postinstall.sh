#!/bin/sh
# After unpacking, on Debian ("configure" and the version before) and with rpm (how
# many versions are there: 1 for a new one, 2 for an upgrade). Starts nothing by
# itself: an exporter without targets has nothing to say.
set -e

user=progress_exporter
if ! getent passwd "$user" >/dev/null; then
	useradd --system --user-group --home-dir /var/lib/progress_exporter --no-create-home --shell /usr/sbin/nologin "$user"
fi

# What an administrator changed stays: owners and modes are set once.
if [ ! -d /var/lib/progress_exporter ]; then
	install -d -o "$user" -g "$user" -m 0750 /var/lib/progress_exporter
	chown "root:$user" /etc/progress_exporter/targets.yml /etc/progress_exporter/jobs.d
	chmod 0640 /etc/progress_exporter/targets.yml
	chmod 0750 /etc/progress_exporter/jobs.d
	chmod 0700 /etc/progress_exporter/credentials
fi

if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
	systemctl try-restart progress_exporter.service || true
fi
