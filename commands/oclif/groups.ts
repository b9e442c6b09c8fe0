/** Group of the flags that every command has. */
export const GLOBAL = 'global';

/** Group of the rarely used flags that have no heading of their own. */
export const MORE = 'more';
