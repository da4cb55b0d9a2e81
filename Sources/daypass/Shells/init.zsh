# daypass for zsh. It defines the function `daypass`, through which `use` and `off` change this shell, and a hook that
# renews before each prompt what is about to end. What this shell holds is in variables that begin with __daypass: none
# is exported, so that no program gets what was there before, and none is taken from the environment.
zmodload -F zsh/datetime p:EPOCHSECONDS
(( ${+functions[__daypass_hook]} )) ||
  unset __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words __daypass_before

function daypass {
  case ${1-} in
    use | off) __daypass_change "$@" ;;
    *) \command daypass "$@" ;;
  esac
}

# Runs what `daypass use` prints, once that has succeeded; shows what is no script, such as help.
function __daypass_change {
  # Secrets are neither traced nor exported by `set -a`.
  \builtin emulate -L zsh -o no_xtrace -o no_all_export -o no_err_exit -o no_err_return
  \builtin local __daypass_script
  if [[ "$*" == off && -n ${__daypass_saved-} ]]; then
    __daypass_off
    \builtin return
  fi
  if [[ "$*" == 'use -' && -n "${__daypass_before[*]-}" ]]; then \builtin set -- use "${__daypass_before[@]}"; fi
  __daypass_script=$(\command daypass "$1" --shell zsh "${@:2}") || \builtin return
  case $__daypass_script in
    __daypass_save\ *) \builtin eval "$__daypass_script" ;;
    ?*) \builtin printf '%s\n' "$__daypass_script" ;;
  esac
}

# Notes how variables were before the first of all changes; fails if one cannot be changed.
function __daypass_save {
  \builtin local __daypass_name __daypass_type __daypass_new=
  \builtin local -a __daypass_odd
  for __daypass_name; do
    __daypass_type=${(Pt)__daypass_name}
    if [[ $__daypass_type == *readonly* ]]; then
      \builtin printf 'daypass: the variable %s is read-only in this shell\n' "$__daypass_name" >&2
      \builtin return 1
    fi
    [[ ${__daypass_saved-} == *" $__daypass_name "* ]] && \builtin continue
    __daypass_new+="unset $__daypass_name;"
    # Declared without a value, as some options allow.
    [[ -z $__daypass_type || ${(P)+__daypass_name} == 1 ]] || __daypass_new+="setopt typeset_to_unset;"
    case $__daypass_type-${(P)+__daypass_name} in
      scalar-export-1)
        __daypass_new+="export $__daypass_name"
        # What `export` alone has made is empty here and missing in the environment.
        if [[ -n ${(P)__daypass_name} ]] || \command printenv $__daypass_name >/dev/null; then
          __daypass_new+="=${(Pqq)__daypass_name}"
        fi
        __daypass_new+=";"
        ;;
      scalar-1) __daypass_new+="typeset -g $__daypass_name=${(Pqq)__daypass_name};" ;;
      ?*-[01]) __daypass_new+="$(\builtin typeset -p "$__daypass_name");" ;;
    esac
    __daypass_new+=$'\n'
    # Others would not take any text.
    [[ $__daypass_type == (|scalar|scalar-export) ]] || __daypass_odd+=("$__daypass_name")
  done
  __daypass_restore+=$__daypass_new
  for __daypass_name; do
    [[ ${__daypass_saved-} == *" $__daypass_name "* ]] ||
      __daypass_saved+=" $__daypass_name "
  done
  for __daypass_name in $__daypass_odd; do \builtin unset "$__daypass_name"; done
}

# Notes what the shell holds now: seconds until it is to be renewed, the key's id, the words behind `use`.
function __daypass_hold {
  \builtin unset __daypass_renew_at __daypass_told
  [[ $1 == - ]] || __daypass_renew_at=$((EPOCHSECONDS + $1))
  __daypass_key=$2
  \builtin shift 2
  if [[ "$*" != "${__daypass_words[*]-}" ]]; then
    __daypass_before=("${__daypass_words[@]}")
    __daypass_words=("$@")
  fi
}

function __daypass_off {
  \builtin eval "$__daypass_restore"
  __daypass_before=("${__daypass_words[@]}")
  \builtin unset __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words
}

# Runs before each prompt; starts no process before it is time. What it returns, zsh does not show.
function __daypass_hook {
  if [[ -n ${__daypass_renew_at-} ]] && (( EPOCHSECONDS >= __daypass_renew_at )); then __daypass_renew; fi
  \builtin return 0
}

# Never asks: who could answer has not been asked for. Tries again after a minute, and complains once.
function __daypass_renew {
  \builtin emulate -L zsh -o no_xtrace -o no_all_export -o no_err_exit -o no_err_return
  \builtin local __daypass_script
  # What somebody else put there since is theirs.
  if [[ ${AWS_ACCESS_KEY_ID-} != "$__daypass_key" ]]; then
    \builtin unset __daypass_renew_at
    \builtin return
  fi
  # `emulate -L` gives the user's trap back.
  \builtin trap '' INT
  __daypass_script=$(
    [[ -z ${__daypass_told-} ]] || \exec 2>/dev/null
    \command daypass use --shell zsh --renewal limited "${__daypass_words[@]}" </dev/null
  )
  case $? in
    0) \builtin eval "$__daypass_script" ;;
    75) __daypass_renew_at=$((EPOCHSECONDS + 5)) ;;
    *) __daypass_renew_at=$((EPOCHSECONDS + 60)) __daypass_told=yes ;;
  esac
}

typeset -ga precmd_functions
precmd_functions=(__daypass_hook ${precmd_functions:#__daypass_hook})
