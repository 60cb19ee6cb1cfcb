#!/bin/sh
# Stands in for podman in the sweep: keeps containers as directories of small files below $PODMAN_STANDIN.
#
# A container whose command is `true` ends at once with 0; every other one runs until it is stopped.
# $PODMAN_STANDIN/misbehave, if it is there, is "CALL N HOW": the N-th such call from now on goes wrong, as one of
#   before   fails and does nothing        after    does it, then fails
#   garbage  does it, prints nonsense      silent   does it, prints nothing
#   locked   "database is locked"          lose     all containers are gone
#   hang     does nothing for a long time
# $PODMAN_STANDIN/version, if it is there, is its version; before 4.3 it knows less.
set -u
umask 077
home=$PODMAN_STANDIN
epoch=1700000000
stamp=2023-11-14T22:13:20.000000000Z
never=0001-01-01T00:00:00Z

fail() {
  echo "Error: $2" >&2
  exit "$1"
}

find_container() {
  # By name or by id.
  [ -d "$home/$1.c" ] && { echo "$home/$1.c"; return 0; }
  for dir in "$home"/*.c; do
    [ "$(cat "$dir/id" 2> /dev/null)" = "$1" ] && { echo "$dir"; return 0; }
  done
  return 1
}

need_container() {
  found=$(find_container "$1") || fail 125 "no container with name or ID \"$1\" found: no such container"
}

quote() {
  printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

labels() {
  # One KEY=VALUE a line, as JSON.
  first=1
  printf '{'
  while IFS= read -r line; do
    [ $first = 1 ] || printf ','
    first=0
    quote "${line%%=*}"
    printf ':'
    quote "${line#*=}"
  done < "$1/labels"
  printf '}'
}

facts() {
  # state pid started ended ended_seen code
  case "$(cat "$1/state")" in
    running) echo running $$ $epoch 0 false 0 ;;
    exited) echo exited 0 $epoch $((epoch + 1)) true "$(cat "$1/code")" ;;
    *) echo created 0 0 0 false 0 ;;
  esac
}

show_row() {
  name=$(basename "$1" .c)
  set -- "$1" $(facts "$1")
  printf '{"Id":"%s","Names":["%s"],"State":"%s","Labels":%s,"Image":"%s","Pid":0,"Created":%s,' \
    "$(cat "$1/id")" "$name" "$2" "$(labels "$1")" "$(cat "$1/image")" "$epoch"
  printf '"StartedAt":%s,"ExitedAt":%s,"ExitCode":%s,"Exited":%s}' "$4" "$5" "$7" "$6"
}

show_details() {
  name=$(basename "$1" .c)
  set -- "$1" $(facts "$1")
  started=$never; ended=$never
  [ "$4" = 0 ] || started=$stamp
  [ "$5" = 0 ] || ended=$stamp
  printf '{"Name":"%s","State":{"Status":"%s","ConmonPid":1,"ExitCode":%s,"OOMKilled":false,' "$name" "$2" "$7"
  printf '"StartedAt":"%s","FinishedAt":"%s"},"Config":{"Timeout":0},' "$started" "$ended"
  printf '"HostConfig":{"Memory":0,"LogConfig":{"Type":"k8s-file","Path":"%s"}}}' "$(cat "$1/log")"
}

each() {
  # The same JSON for each directory.
  shown=$1
  shift
  first=1
  printf '['
  for dir in "$@"; do
    [ -d "$dir" ] || continue
    [ $first = 1 ] || printf ','
    first=0
    "$shown" "$dir"
  done
  echo ']'
}

version() {
  cat "$home/version" 2> /dev/null || echo 4.9.0
}

do_create() {
  case "$(version)" in [0-3].* | 4.[0-2].*) fail 125 "unknown flag: --$1" ;; esac
  name= log= labels= image= command=
  while [ $# -gt 0 ]; do
    case "$1" in
      --name) name=$2; shift ;;
      --log-opt) case "$2" in path=*) log=${2#path=} ;; esac; shift ;;
      --label) labels="$labels$2
"; shift ;;
      --) shift; break ;;
    esac
    shift
  done
  image=$1
  shift
  command=$*
  [ -d "$home/$name.c" ] && fail 125 "creating container storage: the container name \"$name\" is already in use"
  id=$(printf '%s %s' "$name" "$(cat /proc/sys/kernel/random/uuid)" | sha256sum | cut -c1-64)
  new=$home/.$id
  mkdir "$new"
  printf '%s' "$labels" > "$new/labels"
  echo "$id" > "$new/id"
  echo "$image" > "$new/image"
  echo "$command" > "$new/command"
  echo "$log" > "$new/log"
  echo created > "$new/state"
  echo 0 > "$new/code"
  mv -T "$new" "$home/$name.c" || fail 125 "the container name \"$name\" is already in use"
  echo "$id"
}

do_start() {
  need_container "$1"
  state=running
  case "$(cat "$found/command")" in true|*" true") state=exited ;; esac
  [ "$(cat "$found/state")" = running ] ||
    echo '2023-11-14T22:13:20.000000000+00:00 stdout F started' >> "$(cat "$found/log")"
  echo 0 > "$found/code"
  echo $state > "$found/state"
  echo "$1"
}

do_stop() {
  for last; do :; done
  need_container "$last"
  if [ "$(cat "$found/state")" = running ]; then
    echo 143 > "$found/code"
    echo exited > "$found/state"
  fi
  echo "$last"
}

do_rm() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --time) shift ;;
      -*) ;;
      *) found=$(find_container "$1") && rm -rf "$found" && echo "$1" ;;
    esac
    shift
  done
  return 0
}

do_wait() {
  for last; do :; done
  need_container "$last"
  while [ "$(cat "$found/state" 2> /dev/null)" = running ]; do sleep 0.05; done
  cat "$found/code"
}

perform() {
  call=$1
  shift
  case "$call" in
    version) echo "{\"Client\":{\"Version\":\"$(version)\"}}" ;;
    info) echo '{"host":{"security":{"rootless":false}}}' ;;
    ps) each show_row "$home"/*.c ;;
    image) echo '[{"Config":{"User":"","Entrypoint":null,"Cmd":["sh"]}}]' ;;
    container | inspect)
      [ "$1" = inspect ] && shift
      dirs= missing=
      for name; do
        if dir=$(find_container "$name"); then dirs="$dirs $dir"; else missing=$name; fi
      done
      each show_details $dirs
      [ -z "$missing" ] || fail 125 "no such container \"$missing\""
      ;;
    create) do_create "$@" ;;
    start) do_start "$@" ;;
    stop | kill) do_stop "$@" ;;
    rm) do_rm "$@" ;;
    wait) do_wait "$@" ;;
    unshare) exec "$@" ;;
    events) while :; do sleep 1; done ;;
    *) fail 125 "unrecognized command \`podman $call\`" ;;
  esac
}

echo "$1" >> "$home/calls"
how=
if [ -f "$home/misbehave" ]; then
  read -r call left how < "$home/misbehave"
  if [ "$call" != "$1" ]; then
    how=
  elif [ "$left" = 1 ]; then
    rm "$home/misbehave"
  else
    echo "$call $((left - 1)) $how" > "$home/misbehave"
    how=
  fi
fi
case "$how" in
  "") perform "$@" ;;
  before) fail 125 "the engine has failed before it did anything" ;;
  after) perform "$@" > /dev/null 2>&1; fail 125 "the engine has failed after all was done" ;;
  garbage) perform "$@" > /dev/null 2>&1; printf '\033]0;x\007{"no": [json' ;;
  silent) perform "$@" > /dev/null 2>&1 ;;
  locked) fail 125 "database is locked" ;;
  lose) rm -rf "$home"/*.c; perform "$@" ;;
  hang) exec sleep 600 ;;
esac
