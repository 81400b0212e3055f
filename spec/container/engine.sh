#!/bin/sh
# engine.sh start|stop|env|cut: a private Docker engine for a host without one (Debian's docker.io, run by hand, no systemd).
# `cut` is a power failure: the engine and all processes of its containers end at once, and nothing is tidied up.
# install.sh beside it installs what it needs.
set -eu
R=${ENGINE_DIR:-${TMPDIR:-/tmp}/triage-engine}
case ${1:-} in
start)
  mkdir -p "$R"
  if [ -s "$R/docker.pid" ] && kill -0 "$(cat "$R/docker.pid")" 2>/dev/null; then echo running; exit 0; fi
  rm -f "$R/docker.pid"
  setsid dockerd -H "unix://$R/docker.sock" --data-root "$R/data" --exec-root "$R/exec" --pidfile "$R/docker.pid" >"$R/dockerd.log" 2>&1 </dev/null &
  p=$!
  i=0
  until docker -H "unix://$R/docker.sock" version >/dev/null 2>&1; do
    i=$((i+1))
    # One that has ended will not answer any more.
    if [ $i -ge 300 ] || ! kill -0 $p 2>/dev/null; then tail -5 "$R/dockerd.log" >&2; exit 1; fi
    sleep 0.1
  done
  echo "export DOCKER_HOST=unix://$R/docker.sock" ;;
stop)
  [ -s "$R/docker.pid" ] || exit 0
  p=$(cat "$R/docker.pid")
  kill "$p" 2>/dev/null || exit 0
  while kill -0 "$p" 2>/dev/null; do sleep 0.2; done ;;
env) echo "export DOCKER_HOST=unix://$R/docker.sock" ;;
cut)
  # The engine first, or it would start again what ends.
  kill -KILL "$(cat "$R/docker.pid")"
  rm "$R/docker.pid"
  # Its containerd and the shims, which all name this engine's own socket or settings; a shim's children are the
  # containers' first processes, with which all others of the container end.
  for p in /proc/[0-9]*; do
    p=${p#/proc/}
    if tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -q "^[^ ]*containerd.* $R/exec/containerd/"; then
      # shellcheck disable=SC2046
      kill -KILL $(cat "/proc/$p/task/"*/children) "$p" 2>/dev/null || true
    fi
  done
  # What lies in memory is gone after a boot, and nothing is mounted yet.
  awk -v r="$R/" 'index($2, r) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
  rm -rf "$R/exec" ;;
*) echo "usage: engine.sh start|stop|env|cut" >&2; exit 2 ;;
esac
