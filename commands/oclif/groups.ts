/** The group of the flags that every command has. */
export const GLOBAL = 'global';

/** The group of the flags that few need, where the conversation gives them no heading. */
export const MORE = 'more';
