import type { Input } from '../input-types.ts';

/** What every description may say. */
export interface Common<Needs> {
  readonly summary: string;
  readonly question?: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly asked?: Input<unknown, Needs>['asked'];
  readonly askedDespiteDefault?: boolean;
  readonly isForLater?: boolean;
  readonly inForce?: NonNullable<Input<unknown, Needs>['inForce']>;
  readonly hint?: NonNullable<Input<unknown, Needs>['hint']>;
  readonly positional?: boolean | 'too';
  readonly char?: string;
  readonly variable?: string;
  readonly key?: string;
  readonly section?: string | null;
  readonly otherVariables?: readonly string[];
  readonly keptAs?: string;
  readonly lookUp?: NonNullable<Input<unknown, Needs>['lookUp']>;
  readonly leftOut?: string;
}

/** The value of an input that is not given, or what it follows from. */
export type TextDefault<Needs> = string | ((values: Needs) => string | undefined);

/** Makes the `default` of an input from that of its description. */
export function defaults<Needs>(value: TextDefault<Needs> | undefined): Pick<Input<unknown, Needs>, 'default'> {
  if (value === undefined) return {};
  if (typeof value === 'string') return { default: [value] };
  return {
    default: (values) => {
      const text = value(values);
      return text === undefined ? undefined : [text];
    },
  };
}
