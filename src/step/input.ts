/** Inputs, and functions that describe them. */

export { choice, choices, oneOf, optionalYesNo, yesNo } from './describe/choices.ts';
export { list, optionalText, secret, text } from './describe/text.ts';
export type {
  Answers,
  Choice,
  Complete,
  Input,
  InputKind,
  Inputs,
  LackingOptions,
  Listing,
  Preset,
  Values,
} from './input-types.ts';
export { chosenFrom, inSection, onlyWhen, optional } from './refine.ts';
