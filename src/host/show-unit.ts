import { outputOf } from './programs.ts';

/**
 * Asks systemd for properties of a unit (systemctl(1), "show").
 * @returns each property, empty if the unit does not have it; `undefined` if systemd does not answer
 */
export async function showUnit<const P extends string>(
  unit: string,
  properties: readonly P[],
  signal: AbortSignal,
): Promise<Readonly<Record<P, string>> | undefined> {
  const shown = await outputOf('systemctl', ['show', unit, '--property', properties.join(',')], signal);
  if (shown === undefined) return undefined;
  const propertyOf = (name: P) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
  return Object.fromEntries(properties.map((name) => [name, propertyOf(name)])) as Record<P, string>;
}
