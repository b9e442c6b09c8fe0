# shellcheck shell=sh
# made-once.sh: sourced by a recipe, a script that makes a folder once for each version of itself and prints it. $name is
# set before. Afterwards $folder does not exist, and only this process makes it; if it is made, it is printed, and the
# recipe ends. A recipe ends with `made`.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/spacectl-test
# shellcheck disable=SC2154 # set by the recipe
folder=$cache/$name-$(sha256sum <"$0" | cut -c 1-16)
mkdir -p "$cache"
exec 9>"$cache/$name.lock"
flock 9
if [ -e "$folder/.complete" ]; then
  echo "$folder"
  exit 0
fi
rm -rf "$folder"

# Prints the folder, which is whole from now on.
made() {
  touch "$folder/.complete"
  echo "$folder"
}
