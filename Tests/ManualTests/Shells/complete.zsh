# A .zshrc: when the line editor starts, it completes each line of ~/lines, and ends the shell.
fpath=($DAYPASS_COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -D
[[ -f ~/extra.zsh ]] && source ~/extra.zsh

compadd() {
  # With these options it only looks for matches, and adds none.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a __found
  builtin compadd -O __found "$@"
  offered+=("${__found[@]}")
  builtin compadd "$@"
}

zle -C complete-line complete-word _main_complete

zle-line-init() {
  local line
  while IFS= read -r line; do
    offered=() BUFFER=$line CURSOR=$#line
    zle complete-line
    print -rl -- $offered "=="
  done <~/lines >~/results
  exit
}
zle -N zle-line-init
