# daypass for fish. It defines the function `daypass`, through which `use` and `off` change this shell, and a hook that
# renews before each prompt what is about to end. What this shell holds is in variables that begin with __daypass: none
# is exported, so that no program gets what was there before, and none is taken from the environment.
functions -q __daypass_hook
or set -e __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words __daypass_before

function daypass --description 'AWS keys in the keyring, short-lived credentials for commands'
    switch "$argv[1]"
        case use off
            __daypass_change $argv
        case '*'
            command daypass $argv
    end
end

# Runs what `daypass use` prints, once that has succeeded; shows what is no script, such as help.
function __daypass_change
    # Secrets are not traced.
    set -l fish_trace
    if test "$argv" = off; and set -q __daypass_saved
        __daypass_off
        return
    end
    if test "$argv" = 'use -'; and set -q __daypass_before[1]
        set argv use $__daypass_before
    end
    set -l __daypass_script "$(command daypass $argv[1] --shell fish $argv[2..])"
    or return
    if string match -q '__daypass_save *' -- $__daypass_script
        eval $__daypass_script
    else if test -n "$__daypass_script"
        printf '%s\n' $__daypass_script
    end
end

# Notes how variables were before the first of all changes. A universal one stays as it is.
function __daypass_save
    for __daypass_name in $argv
        contains -- $__daypass_name $__daypass_saved; and continue
        set -l __daypass_line "set -eg $__daypass_name"
        if set -qg $__daypass_name
            set -l __daypass_scope -gu
            set -qgx $__daypass_name; and set __daypass_scope -gx
            set -l __daypass_values (string escape -- $$__daypass_name)
            set __daypass_line "set $__daypass_scope $__daypass_name $__daypass_values"
        end
        set -agu __daypass_restore $__daypass_line
        set -agu __daypass_saved $__daypass_name
    end
end

# Notes what the shell holds now: seconds until it is to be renewed, the key's id, the words behind `use`.
function __daypass_hold
    set -e __daypass_renew_at __daypass_told
    test $argv[1] = -; or set -gu __daypass_renew_at (math (__daypass_uptime) + $argv[1])
    set -gu __daypass_key $argv[2]
    if test "$argv[3..]" != "$__daypass_words"
        set -gu __daypass_before $__daypass_words
        set -gu __daypass_words $argv[3..]
    end
end

function __daypass_off
    for __daypass_line in $__daypass_restore
        eval $__daypass_line
    end
    set -gu __daypass_before $__daypass_words
    set -e __daypass_key __daypass_renew_at __daypass_told __daypass_saved __daypass_restore __daypass_words
    # Of which some were not there, and that is no failure.
    true
end

# A clock that needs no process, which fish has not: seconds since the machine was started.
function __daypass_uptime
    read -l __daypass_seconds </proc/uptime
    string match -r '^[0-9]+' -- $__daypass_seconds
end

# Runs before each prompt; starts no process before it is time.
function __daypass_hook --on-event fish_prompt
    set -l __daypass_status $status
    if set -q __daypass_renew_at; and test (__daypass_uptime) -ge $__daypass_renew_at
        __daypass_renew
    end
    return $__daypass_status
end

# Never asks: who could answer has not been asked for. Tries again after a minute, and complains once.
function __daypass_renew
    set -l fish_trace
    # What somebody else put there since is theirs.
    if test "$AWS_ACCESS_KEY_ID" != "$__daypass_key"
        set -e __daypass_renew_at
        return
    end
    set -l __daypass_messages /dev/stderr
    set -q __daypass_told; and set __daypass_messages /dev/null
    set -l __daypass_script "$(command daypass use --shell fish --renewal limited $__daypass_words </dev/null 2>$__daypass_messages)"
    set -l __daypass_failure $status
    switch $__daypass_failure
        case 0
            eval $__daypass_script
        case 75
            set __daypass_renew_at (math (__daypass_uptime) + 5)
        case '*'
            set __daypass_renew_at (math (__daypass_uptime) + 60)
            set -gu __daypass_told yes
    end
end
