import type { Cloud } from '../../src/render/cloud/limits.ts';

/** A variable that user data exports, at a place in its text. */
export interface Export {
  readonly name: string;
  /** What stands after the name: `=` and a value, or nothing. */
  readonly value: string;
  readonly at: number;
}

/** Returns the script that a machine runs: on Azure it is base64 within the user data (vmss.tf at 6d4b486). */
export function scriptOf(cloud: Cloud, userData: string): string {
  if (cloud !== 'azure') return userData;
  const encoded = /[A-Za-z0-9+/=]{200,}/.exec(userData)?.[0];
  if (encoded === undefined) throw new Error('the user data holds no script in base64');
  return Buffer.from(encoded, 'base64').toString();
}

/** Finds the variables that a script exports, in order. */
export function exportsIn(script: string): readonly Export[] {
  const lines = [...script.matchAll(/^[ \t]*export[ \t]+(.*)$/gm)];
  return lines.flatMap((line) => {
    const [, said = ''] = line;
    const [, name, value] = /^([A-Za-z_]\w*)(=.*)$/.exec(said) ?? [];
    const names = name === undefined ? said.trim().split(/\s+/) : [name];
    return names.map((each) => ({ name: each, value: value ?? '', at: line.index }));
  });
}
