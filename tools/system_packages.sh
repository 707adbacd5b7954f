#!/bin/sh
# Install the Debian packages named as arguments that are missing, where that is allowed; else say which command does.
set -eu
missing=""
for package in "$@"; do
    program=$package
    [ "$package" = bubblewrap ] && program=bwrap
    command -v "$program" >/dev/null 2>&1 || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
    exit 0
fi
echo "The system packages$missing are missing; install them with: sudo apt-get install$missing" >&2
exit 1
