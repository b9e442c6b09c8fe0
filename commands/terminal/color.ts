type Environment = Record<string, string | undefined>;

/**
 * Decides whether output is coloured, and sets `NO_COLOR` or `FORCE_COLOR`, which all libraries and other programs follow.
 * What comes first counts: `--no-color`, `NO_COLOR` (https://no-color.org), `CLICOLOR_FORCE` and `CLICOLOR`
 * (https://bixense.com/clicolors), `FORCE_COLOR` (https://force-color.org). Otherwise terminals get colours.
 */
export function chooseColor(argv: readonly string[], environment: Environment): void {
  const { NO_COLOR, CLICOLOR, CLICOLOR_FORCE, FORCE_COLOR } = environment;
  const isForced = isOn(CLICOLOR_FORCE) || isOn(FORCE_COLOR);
  const isOff = CLICOLOR === '0' || FORCE_COLOR === '0' || FORCE_COLOR === 'false';
  if (argv.includes('--no-color') || NO_COLOR || (isOff && !isForced)) {
    environment['NO_COLOR'] = '1';
    delete environment['FORCE_COLOR'];
  } else if (isForced) environment['FORCE_COLOR'] = isOn(FORCE_COLOR) ? FORCE_COLOR : '1';
}

function isOn(value: string | undefined): value is string {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
