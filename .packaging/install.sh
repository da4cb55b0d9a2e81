#!/bin/sh
# Installs daypass from this folder, or removes it again.
# Usage: ./install.sh [--prefix FOLDER] [--uninstall]     the prefix is /usr/local
set -eu
umask 022
usage() { sed -n 's/^# Usage: /usage: /p' "$0"; }

prefix=/usr/local
goal=install
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || { usage >&2; exit 64; }; prefix=$2; shift ;;
    --prefix=*) prefix=${1#*=} ;;
    --uninstall) goal=uninstall ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 64 ;;
  esac
  shift
done
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
cd "$(dirname "$0")"

nearest=$prefix
while [ ! -e "$nearest" ]; do nearest=$(dirname "$nearest"); done
if [ ! -w "$nearest" ]; then
  echo "install.sh: $nearest is not yours to write; use sudo, or --prefix ~/.local" >&2
  exit 1
fi

# Where a file of this folder goes: Debian's zsh looks into another folder below /usr.
target() {
  case $prefix in
    /usr) echo "$prefix/$1" | sed 's|/zsh/site-functions/|/zsh/vendor-completions/|' ;;
    *) echo "$prefix/$1" ;;
  esac
}

find bin libexec share -type f | while IFS= read -r file; do
  target=$(target "$file")
  if [ "$goal" = uninstall ]; then
    rm -f "$target"
  else
    mkdir -p "$(dirname "$target")"
    # Beside it first, so that a daypass that is running is replaced and not written into.
    cp "$file" "$target.new"
    mv -f "$target.new" "$target"
  fi
done
if [ "$goal" = uninstall ]; then
  for folder in "$prefix/libexec/daypass" "$prefix/share/doc/daypass"; do
    if [ -d "$folder" ]; then rmdir "$folder"; fi
  done
  echo "daypass is removed from $prefix"
else
  echo "daypass $("$prefix/bin/daypass" --version) is in $prefix/bin"
fi
