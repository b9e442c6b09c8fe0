# Completion of spacectl for bash 3.2 and later. Starts nothing until Tab is pressed.
_spacectl() {
  local current="${COMP_WORDS[COMP_CWORD]}" line kind="" value extension
  local matches=()
  COMPREPLY=()
  # bash splits --flag=value at the sign.
  [ "$current" != "=" ] || current=""
  while IFS= read -r line; do
    if [ -z "$kind" ]; then
      kind="$line"
    else
      value="${line%%$'\t'*}"
      case "$value" in "$current"*) COMPREPLY+=("$value") ;; esac
    fi
  done < <("${COMP_WORDS[0]}" __complete bash "${COMP_WORDS[@]:1:COMP_CWORD}" </dev/null 2>/dev/null)
  case "$kind" in
    directories)
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current")
      ;;
    files*)
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do
        matches+=("$line")
        [ ! -d "$line" ] || COMPREPLY+=("$line")
        for extension in ${kind#files}; do
          case "$line" in *."$extension") [ -d "$line" ] || COMPREPLY+=("$line") ;; esac
        done
      done < <(compgen -f -- "$current")
      # Files of other kinds, if there is none of these.
      [ "$kind" != files ] && [ "${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=("${matches[@]}")
      ;;
  esac
}
complete -F _spacectl spacectl
