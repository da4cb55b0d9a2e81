# Answers each line of ~/lines with what bash offers at its end, a candidate a line, then a line of its own.
source "$DAYPASS_COMPLETIONS/daypass.bash"
if [[ -f ~/extra.bash ]]; then source ~/extra.bash; fi

# What readline does when it is left to complete file names.
compopt() { [[ "$*" == '-o default' ]] && mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }

while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  read -ra COMP_WORDS <<<"${COMP_LINE//[@:=]/ & }"
  [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _daypass
  printf '%s\n' "${COMPREPLY[@]}" ==
done <~/lines >~/results
