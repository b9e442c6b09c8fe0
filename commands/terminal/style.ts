import { Chalk, type ChalkInstance } from 'chalk';

/** Colours text; does nothing if output is not a terminal or `NO_COLOR` is set (https://no-color.org). */
export const style: ChalkInstance = process.env['NO_COLOR'] ? new Chalk({ level: 0 }) : new Chalk();
