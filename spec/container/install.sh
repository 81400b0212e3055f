#!/bin/sh
# install.sh: what the container specs need on Debian 12, as root. Does nothing where it is there already.
set -eu

missing=
# Whose engine answers, or has one of another maker, needs no second one.
docker version >/dev/null 2>&1 || command -v dockerd >/dev/null || missing=docker.io
for program in docker-compose:docker-compose docker-registry:docker-registry iptables:iptables mmdebstrap:mmdebstrap shellcheck:shellcheck; do
  command -v "${program%%:*}" >/dev/null || missing="$missing ${program#*:}"
done
if [ -n "$missing" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

# Compose 1.29 is Debian 12's; version 2 comes from the next release's package, as a plugin beside it.
plugins=/usr/local/lib/docker/cli-plugins
if ! docker compose version >/dev/null 2>&1; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 0755 "$work"
  site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site trixie main" >"$work/sources.list"
  set -- -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root
  apt-get "$@" update
  (cd "$work" && apt-get "$@" download docker-compose && dpkg-deb -x docker-compose_*.deb x)
  mkdir -p "$plugins"
  cp "$work/x/usr/libexec/docker/cli-plugins/docker-compose" "$plugins/docker-compose"
fi
