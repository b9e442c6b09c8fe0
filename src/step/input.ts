/** Inputs: what one is, and ways to describe one. */
export { choice, choices, list, onlyWhen, optionalText, optionalYesNo, secret, text, yesNo } from './describe.ts';
export {
  type Answers,
  type Choice,
  type Input,
  type InputKind,
  type Inputs,
  isAsked,
  type Values,
} from './input-types.ts';
