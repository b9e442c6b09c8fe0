/** Inputs, and functions that describe them. */
export {
  choice,
  choices,
  inSection,
  list,
  oneOf,
  onlyWhen,
  optional,
  optionalText,
  optionalYesNo,
  secret,
  text,
  yesNo,
} from './describe.ts';
export type {
  Answers,
  Choice,
  Complete,
  Input,
  InputKind,
  Inputs,
  LackingOptions,
  Preset,
  Values,
} from './input-types.ts';
