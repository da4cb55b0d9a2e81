# Completions of daypass for bash; written by hand, since swift-argument-parser's generator cannot complete a wrapped
# command, and compared with the binary by Tests/ManualTests.

# Only daypass itself is asked for names, and what it prints is never evaluated.
_daypass_profiles() {
  local name
  while IFS= read -r name; do _daypass_offer "$name"; done < <(command daypass list --names "$@" 2>/dev/null </dev/null)
}

_daypass_regions=(
  us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3
  ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7
  ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
  il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-gov-east-1 us-gov-west-1 cn-north-1 cn-northwest-1
)
_daypass_policies=(
  ReadOnlyAccess job-function/ViewOnlyAccess SecurityAudit PowerUserAccess AdministratorAccess job-function/Billing
  job-function/SupportUser AmazonS3ReadOnlyAccess AmazonEC2ReadOnlyAccess IAMReadOnlyAccess CloudWatchReadOnlyAccess
)
_daypass_services=(
  s3 sts ec2 iam lambda dynamodb rds sqs sns logs cloudwatch cloudformation cloudtrail kms secretsmanager ssm ecr ecs
  eks route53
)

# Offers those of its arguments that begin with what was typed; readline knows only what comes after the last
# character of COMP_WORDBREAKS, so it gets only that.
_daypass_offer() {
  local candidate known=${lead}${cur} breaks=${COMP_WORDBREAKS//[^:=@]/} stem=
  [[ $breaks && $known == *["$breaks"]* ]] && stem=${known%"${known##*["$breaks"]}"}
  for candidate; do
    [[ $candidate == "$cur"* ]] || continue
    candidate=$lead$candidate
    printf -v candidate %q "${candidate:${#stem}}"
    COMPREPLY+=("$candidate")
  done
}

# Sets `words` to the words up to the cursor as daypass would get them, and `starts` to the index of each in COMP_WORDS,
# where a profile such as a@b is three.
_daypass_split() {
  local index word line=${COMP_LINE:0:COMP_POINT}
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if ((index == 0)) || [[ $line == [[:space:]]* ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      words+=("") starts+=("$index")
    fi
    [[ $line == "$word"* ]] || word=$line
    words[-1]+=$word
    line=${line#"$word"}
  done
}

# The command that exec wraps, with its own completions where bash-completion is there.
_daypass_wrapped() {
  local offset=$1 function
  for function in _comp_command_offset _command_offset; do
    if declare -F "$function" >/dev/null; then
      "$function" "$offset"
      return
    fi
  done
  if ((offset < COMP_CWORD)) || [[ $cur == */* ]]; then
    _daypass_files
  else
    mapfile -t COMPREPLY < <(compgen -c -- "$cur")
  fi
}

# Leaves it to readline, which completes file names best.
_daypass_files() {
  compopt -o default 2>/dev/null
}

# Sets `options` and `wants` (what follows the command) for a command.
_daypass_describe() {
  local session=(--no-session -n --duration -d --region --mfa-code -t --prompt)
  local cached=("${session[@]}" --fresh --min-left --read-only --view-only --service --policy --policy-arn --tag
    --transitive-tag --source-identity)
  wants=profile
  case $1 in
    add) options=(--env --stdin --csv --force -f --no-verify --mfa-serial --region --credential-process) ;;
    import) options=(--from --all --rename --overwrite --no-verify --collection --dry-run --delete-source --edit-config
      --credential-process --json) wants=profiles ;;
    list) options=(--names --sso-sessions --keys --cached --json --wide) ;;
    status) options=(--prompt --json) wants=nothing ;;
    remove) options=(--force -f) wants=key ;;
    rotate) options=("${session[@]}" --all --older-than --keep-old --yes --json) wants=key ;;
    unlock) options=() wants=nothing ;;
    login) options=("${session[@]}" --remote --switch --account --sso-session --device-code) ;;
    clear) options=(--all) wants=cached ;;
    logout) options=(--all --sso-session) ;;
    exec) options=("${cached[@]}" --server) ;;
    use) options=("${cached[@]}") ;;
    off) options=() wants=nothing ;;
    init) options=() wants=shell ;;
    export) options=("${cached[@]}" --format) ;;
    credential-process) options=("${cached[@]}") ;;
    serve) options=("${cached[@]}" --format --idle) wants=profiles ;;
    list-buckets) options=("${cached[@]}" --json) ;;
    "mfa enroll") options=("${session[@]}" --name --png --text) ;;
    "mfa list") options=("${session[@]}" --json) ;;
    "mfa remove") options=("${session[@]}" --serial --force -f) ;;
    "mfa resync") options=("${session[@]}" --serial) ;;
    "sso add") options=(--start-url --sso-region) wants=nothing ;;
    "sso accounts") options=(--json) wants=session ;;
    "sso roles") options=(--account --role --json) wants=session ;;
    "sso import") options=(--account --role --name --region --dry-run --json) wants=session ;;
    doctor) options=(--offline --json) wants=nothing ;;
    console) options=("${cached[@]}" --print --path --browser --container --logout) ;;
    whoami | explain) options=("${cached[@]}" --json) ;;
    scenario) options=(--yes --automatic --json) wants=scenario ;;
    help) options=() wants=command ;;
    *) return 1 ;;
  esac
  [[ $1 == help ]] || options+=(--debug)
  options+=(--version --help -h)
}

# Completes the value of an option; false where the option has none.
_daypass_value() {
  case $1 in
    --csv | --png | --policy) _daypass_files ;;
    --format)
      _daypass_offer sh fish powershell env json
      [[ ${words[1]} == serve ]] || _daypass_offer ini
      ;;
    --prompt) [[ ${words[1]} != status ]] && _daypass_offer tty pinentry zenity kdialog ykman none ;;
    --from) _daypass_offer credentials aws-vault aws-vault-file granted ;;
    --duration | -d | --min-left | --idle) _daypass_offer 15m 1h 4h 8h 12h ;;
    --older-than) _daypass_offer 30d 90d 180d 365d ;;
    --region | --sso-region) _daypass_offer "${_daypass_regions[@]}" ;;
    --policy-arn) _daypass_offer "${_daypass_policies[@]}" ;;
    --service) _daypass_offer "${_daypass_services[@]}" ;;
    --sso-session) _daypass_profiles --sso-sessions ;;
    --rename | --collection | --mfa-code | -t | --mfa-serial | --name | --serial | --account | --role | --start-url | --path | --browser | --container | --tag | --transitive-tag | --source-identity) ;;
    *) return 1 ;;
  esac
}

# Reads the words between command and cursor: sets `previous` and `given` (how many are no options), and completes the
# wrapped command where there is a `--`.
_daypass_read() {
  local index word
  for ((index = 2; index < ${#words[@]} - 1; index++)); do
    word=${words[index]}
    if [[ $word == -- ]]; then
      [[ ${words[1]} == exec ]] && _daypass_wrapped "${starts[index + 1]}"
      return 1
    fi
    if [[ $previous == -* ]] && _daypass_value "$previous"; then
      previous=
      continue
    fi
    [[ $word == -* ]] || ((given += 1))
    previous=$word
  done
  COMPREPLY=()
}

_daypass() {
  local commands=(add import list status remove rotate unlock mfa sso login exec use off init export credential-process serve clear logout list-buckets
    whoami console explain doctor scenario help)
  local words=() starts=() options=() wants=command cur= lead= previous= given=0
  COMPREPLY=()
  _daypass_split
  cur=${words[-1]#[\"\']}
  if ((${#words[@]} <= 2)); then
    if [[ $cur == -* ]]; then _daypass_offer --version --help -h; else _daypass_offer "${commands[@]}"; fi
    return
  fi
  if [[ ${words[1]} == mfa || ${words[1]} == sso ]]; then
    if ((${#words[@]} == 3)); then
      if [[ $cur == -* ]]; then
        _daypass_offer --version --help -h
      elif [[ ${words[1]} == mfa ]]; then
        _daypass_offer enroll list remove resync
      else
        _daypass_offer add accounts roles import
      fi
      return
    fi
    # From here on the two words are one.
    words=("${words[0]}" "${words[1]} ${words[2]}" "${words[@]:3}") starts=("${starts[0]}" "${starts[@]:2}")
  fi
  _daypass_describe "${words[1]}" || return
  _daypass_read || return
  if [[ $cur == --*=* ]]; then
    previous=${cur%%=*} lead=${cur%%=*}= cur=${cur#*=}
    _daypass_value "$previous"
    return
  fi
  if [[ $previous == -* ]] && _daypass_value "$previous"; then return; fi
  if [[ $cur == -* ]]; then
    _daypass_offer "${options[@]}"
  elif [[ $wants == profiles ]]; then
    _daypass_profiles
  elif ((given == 0)); then
    case $wants in
      profile) _daypass_profiles ;;
      key) _daypass_profiles --keys ;;
      cached) _daypass_profiles --cached ;;
      session) _daypass_profiles --sso-sessions ;;
      command) _daypass_offer "${commands[@]}" ;;
      shell) _daypass_offer bash zsh fish ;;
      scenario) _daypass_offer session-token assume-role cleanup ;;
    esac
  elif [[ $wants == scenario ]]; then
    ((given > 1)) || _daypass_profiles
  elif [[ ${words[1]} == exec ]]; then
    _daypass_offer --
  fi
}

complete -F _daypass daypass
