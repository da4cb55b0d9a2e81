# daypass for bash. It defines the function `daypass`, through which `use` and `off` change this shell, and a hook that
# renews before each prompt what is about to end. What this shell holds is in variables that begin with __daypass: none
# is exported, so that no program gets what was there before, and none is taken from the environment.
declare -F __daypass_hook >/dev/null || \
  unset -v __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words __daypass_before

function daypass {
  case ${1-} in
    use | off) __daypass_change "$@" ;;
    *) \command daypass "$@" ;;
  esac
}

# Runs what `daypass use` prints, once that has succeeded; shows what is no script, such as help.
function __daypass_change {
  # Secrets are neither traced nor exported by `set -a`.
  { \builtin local -; \builtin set +aeux; } 2>/dev/null
  \builtin local __daypass_script
  if [[ $* == off && -n $__daypass_saved ]]; then
    __daypass_off
    \builtin return
  fi
  if [[ $* == 'use -' && -n ${__daypass_before[*]} ]]; then \builtin set -- use "${__daypass_before[@]}"; fi
  __daypass_script=$(\command daypass "$1" --shell bash "${@:2}") || \builtin return
  case $__daypass_script in
    __daypass_save\ *) \builtin eval "$__daypass_script" ;;
    ?*) \builtin printf '%s\n' "$__daypass_script" ;;
  esac
}

# Notes how variables were before the first of all changes; fails if one cannot be changed.
function __daypass_save {
  \builtin local __daypass_name __daypass_value __daypass_type __daypass_new= __daypass_declared
  \builtin local -a __daypass_odd
  __daypass_declared=$'\n'$(\builtin declare -p "$@" 2>/dev/null)$'\n'
  for __daypass_name; do
    # Its attributes, such as -x, or --, also if it has no value; nothing if it is not declared.
    __daypass_type=
    [[ $__daypass_declared =~ $'\n''declare '(-[-a-zA-Z]+)" $__daypass_name"[=$'\n'] ]] && __daypass_type=${BASH_REMATCH[1]}
    if [[ $__daypass_type == *r* ]]; then
      \builtin printf 'daypass: the variable %s is read-only in this shell\n' "$__daypass_name" >&2
      \builtin return 1
    fi
    [[ $__daypass_saved == *" $__daypass_name "* ]] && \builtin continue
    __daypass_new+="unset -v $__daypass_name;"
    if [[ $__daypass_type == *[aAn]* ]]; then
      __daypass_value=$(\builtin declare -p "$__daypass_name")
      __daypass_new+="declare -g ${__daypass_value#declare };"
    elif [[ -v $__daypass_name ]]; then
      \builtin printf -v __daypass_value %q "${!__daypass_name}"
      __daypass_new+="declare -g ${__daypass_type:---} $__daypass_name=$__daypass_value;"
    elif [[ -n $__daypass_type ]]; then
      __daypass_new+="declare -g $__daypass_type $__daypass_name;"
    fi
    __daypass_new+=$'\n'
    # Others would not take any text.
    [[ $__daypass_type == @(|--|-x) ]] || __daypass_odd+=("$__daypass_name")
  done
  __daypass_restore+=$__daypass_new
  for __daypass_name; do
    [[ $__daypass_saved == *" $__daypass_name "* ]] || __daypass_saved+=" $__daypass_name "
  done
  \builtin unset -n "${__daypass_odd[@]}"
  \builtin unset -v "${__daypass_odd[@]}"
}

# Notes what the shell holds now: seconds until it is to be renewed, the key's id, the words behind `use`.
function __daypass_hold {
  \builtin unset -v __daypass_renew_at __daypass_told
  if [[ $1 != - ]]; then
    \builtin printf -v __daypass_renew_at '%(%s)T' -1
    __daypass_renew_at=$((__daypass_renew_at + $1))
  fi
  __daypass_key=$2
  \builtin shift 2
  if [[ $* != "${__daypass_words[*]}" ]]; then
    __daypass_before=("${__daypass_words[@]}")
    __daypass_words=("$@")
  fi
}

function __daypass_off {
  \builtin eval "$__daypass_restore"
  __daypass_before=("${__daypass_words[@]}")
  \builtin unset -v __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words
}

# Runs before each prompt; starts no process before it is time.
function __daypass_hook {
  \builtin local __daypass_status=$? __daypass_now
  if [[ -n ${__daypass_renew_at-} ]]; then
    \builtin printf -v __daypass_now '%(%s)T' -1
    if ((__daypass_now >= __daypass_renew_at)); then __daypass_renew; fi
  fi
  # With `set -e` a hook that fails would end the shell.
  [[ $- != *e* ]] || \builtin return 0
  \builtin return "$__daypass_status"
}

# Never asks: who could answer has not been asked for. Tries again after a minute, and complains once.
function __daypass_renew {
  { \builtin local -; \builtin set +aeux; } 2>/dev/null
  \builtin local __daypass_script __daypass_trap __daypass_failure
  # What somebody else put there since is theirs.
  if [[ $AWS_ACCESS_KEY_ID != "$__daypass_key" ]]; then
    \builtin unset -v __daypass_renew_at
    \builtin return
  fi
  __daypass_trap=$(\builtin trap -p INT)
  \builtin trap '' INT
  __daypass_script=$(
    [[ -z $__daypass_told ]] || \exec 2>/dev/null
    \command daypass use --shell bash --renewal limited "${__daypass_words[@]}" </dev/null
  )
  __daypass_failure=$?
  case $__daypass_failure in
    0) \builtin eval "$__daypass_script" ;;
    75) __daypass_renew_at=$((__daypass_now + 5)) ;;
    *) __daypass_renew_at=$((__daypass_now + 60)) __daypass_told=yes ;;
  esac
  if [[ -n $__daypass_trap ]]; then \builtin eval "$__daypass_trap"; else \builtin trap - INT; fi
}

case ";${PROMPT_COMMAND[*]-};" in
  *__daypass_hook*) ;;
  *)
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
      # Each element gets the user's $? and PIPESTATUS, and the first stays as it was, for those who look for themselves.
      PROMPT_COMMAND+=(__daypass_hook)
    else
      PROMPT_COMMAND="__daypass_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
    fi
    ;;
esac
