import * as Flags from '@oclif/core/flags';

/** The flags of every command. */
export const commonFlags = {
  answers: Flags.string({
    summary: "Read answers from a file like spacectl.yaml (-: standard input), before the directory's own",
    helpValue: 'FILE',
  }),
  input: Flags.boolean({
    summary: 'Ask for missing values on a terminal; --no-input never asks',
    default: true,
    allowNo: true,
  }),
  json: Flags.boolean({ summary: 'Print one JSON document' }),
  verbose: Flags.boolean({ summary: 'Print each request to a server and each program that is run, to stderr' }),
  'no-color': Flags.boolean({ summary: 'Print no colors; also NO_COLOR=1' }),
  plain: Flags.boolean({
    summary: 'Never move the cursor, for screen readers; also SPACECTL_PLAIN=1',
  }),
};
