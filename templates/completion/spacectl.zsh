#compdef spacectl
# Completion of spacectl for zsh 5. Starts nothing until Tab is pressed.
_spacectl() {
  local -a answer proposals
  local kind line
  answer=("${(@f)$("${(Q)words[1]}" __complete zsh "${(@Q)words[2,CURRENT]}" </dev/null 2>/dev/null)}")
  kind=$answer[1]
  shift answer
  [[ $words[CURRENT] != --*=* ]] || compset -P 1 '*='
  case $kind in
    directories) _files -/ ;;
    files) _files ;;
    files\ *) _files -g "*.(${(j:|:)${(s: :)kind#files }})" ;;
    values)
      for line in $answer; do
        if [[ $line == *$'\t'* ]]; then
          proposals+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
        else
          proposals+=("${line//:/\\:}")
        fi
      done
      (( $#proposals == 0 )) || _describe -V value proposals
      ;;
  esac
}
# Called when it is found in fpath, defined when it is sourced.
if [[ $funcstack[1] == _spacectl ]]; then
  _spacectl "$@"
elif (( $+functions[compdef] )); then
  compdef _spacectl spacectl
fi
