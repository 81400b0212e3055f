#!/bin/sh
# make-secrets.sh [DIR]: the secret files of a new installation (DIR: ./secrets). It asks for Slack's two tokens, or takes
# them from standard input, a line each; passwords for PostgreSQL and Redis it makes up. Nothing is ever overwritten.
set -eu
directory=${1:-secrets}

fail() { echo "make-secrets: $1" >&2; exit 1; }

# ask PROMPT PREFIX: sets `answer`. What is typed is not shown, and no secret is ever an argument of a program.
ask() {
  if [ -t 0 ]; then
    printf '%s: ' "$1" >&2
    trap 'stty echo' EXIT INT TERM
    stty -echo; read -r answer; stty echo
    echo >&2
  else
    read -r answer || answer=
  fi
  case $answer in "$2"?*) ;; *) fail "the $1 begins with $2" ;; esac
}

# 32 bytes of chance, in hexadecimal: nothing that a URL would have to escape.
password() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# put NAME: standard input becomes that file.
put() { (umask 022; cat >"$directory/$1"; chmod 0444 "$directory/$1"); }

[ ! -e "$directory" ] || fail "$directory is there already: to make new secrets, move it away (docs/operating.md, Rotating)"
ask 'app-level token' xapp-; app=$answer
ask 'bot token' xoxb-; bot=$answer

# The folder keeps other people of this machine out; the containers' users, of which there are three, read the files.
mkdir -m 0700 "$directory"
postgres=$(password)
redis=$(password)
printf '%s' "$app" | put slack_app_token
printf '%s' "$bot" | put slack_bot_token
printf '%s' "$postgres" | put postgres_password
printf 'postgres://triage:%s@postgres:5432/triage' "$postgres" | put database_url
printf 'redis://triage:%s@redis:6379' "$redis" | put redis_url
# Redis keeps only the hash of the password. The bot has its own keys and the few commands that it uses; the health check
# may PING; nobody comes in without a name.
hash=$(printf '%s' "$redis" | sha256sum | cut -d ' ' -f 1)
put redis_acl <<ACL
user default off
user triage on #$hash ~triage:* -@all +@connection -@dangerous +get +set +del +eval +evalsha
user health on nopass -@all +ping
ACL
echo "wrote $directory: $(find "$directory" -type f | wc -l | tr -d ' ') files" >&2
