# Completion of spacectl for fish 3. Starts nothing until Tab is pressed.
function __spacectl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answer ($program __complete fish $words "$current" </dev/null 2>/dev/null)
    set -l kind (string split ' ' -- $answer[1])
    set -e answer[1]
    switch "$kind[1]"
        case directories
            __fish_complete_directories $current ''
        case files
            set -l flag (string match -r -- '^--[^=]*=' $current)
            # Of an empty word, string replace prints nothing.
            set -l start (string replace -r -- '^--[^=]*=' '' "$current")
            set -q start[1]; or set start ''
            set -l matches
            for file in $start*
                if test -d $file
                    set -a matches $file/
                else if not set -q kind[2]; or contains -- (string replace -r '.*\.' '' -- $file) $kind[2..-1]
                    set -a matches $file
                end
            end
            # Files of other kinds, if there is none of these.
            set -q matches[1]; or set matches $start*
            for file in $matches
                echo "$flag$file"
            end
        case '*'
            printf '%s\n' $answer
    end
end
complete -c spacectl -f -a '(__spacectl_complete)'
