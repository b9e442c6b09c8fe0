import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../../../src/render/cloud/limits.ts';

const FOLDER = 'test/fixtures/modules';

/** One input of a module, as its release has it. */
export interface InputFacts {
  readonly type: string;
  /** Null where the release was not read: the vendor is only known to set the input. */
  readonly required: boolean | null;
  readonly default?: unknown;
  readonly nullable: boolean;
  readonly sensitive?: boolean;
  readonly allowed?: readonly string[];
  /** A regular expression, or a rule in words. */
  readonly pattern?: string;
}

/** What a boot template costs and how it behaves; null where it was not read. */
export interface BootFacts {
  readonly bytes_without_configuration: number | null;
  readonly inner_bytes_without_configuration?: number;
  readonly limit_bytes: number;
  readonly set_e_in_force: boolean | null;
  readonly env_file?: string;
  /** Where the text was read, if not at this release. */
  readonly confidence?: string;
}

/** One release of one of Spacelift's modules: the contents of its file of facts. */
export interface ModuleFacts {
  /** The name of the file, as in `aws-v6.0.3`. */
  readonly name: string;
  readonly cloud: Cloud;
  readonly version: string;
  readonly complete: boolean;
  readonly tag_seen: boolean;
  readonly outputs_note?: string;
  readonly variables: Readonly<Record<string, InputFacts>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly boot: BootFacts;
  readonly boot_selfhosted?: BootFacts;
  readonly plan_time_errors?: readonly string[];
  readonly plan_time_warnings?: readonly string[];
  readonly terraform_providers?: Readonly<Record<string, string>>;
  readonly required_providers?: Readonly<Record<string, string>>;
}

/** Every release of which facts are held, oldest first for each cloud. */
export const RELEASES: readonly string[] = readdirSync(FOLDER)
  .map((file) => path.basename(file, '.json'))
  .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));

/** Reads the facts of a release. @throws Error where there are none */
export function readFacts(name: string): ModuleFacts {
  const facts = JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as ModuleFacts;
  return { ...facts, name, cloud: name.replace(/-.*/, '') as Cloud };
}

/**
 * Returns what `select` finds in the facts of a release, or of the nearest release of the same cloud where it was read:
 * the one before, else the one after.
 * @throws Error where no release has it
 */
export function nearestKnown<Found>(
  facts: ModuleFacts,
  select: (facts: ModuleFacts) => Found | null | undefined,
): Found {
  const line = RELEASES.filter((name) => name.startsWith(`${facts.cloud}-`));
  const at = line.indexOf(facts.name);
  for (const name of [...line.slice(0, at + 1).toReversed(), ...line.slice(at + 1)]) {
    const found = select(readFacts(name));
    if (found !== null && found !== undefined) return found;
  }
  throw new Error(`No release of the ${facts.cloud} module has the facts asked for`);
}

/** Returns the lengths that the generated module's `boot.json` holds, by the names its HCL reads. */
export function bootBytes(facts: ModuleFacts): Readonly<Record<string, number>> {
  const bytes = nearestKnown(facts, ({ boot }) => boot.bytes_without_configuration);
  if (facts.cloud === 'gcp') return { script: bytes };
  if (facts.cloud === 'aws') {
    return {
      saas: bytes,
      selfhosted: nearestKnown(facts, (each) => each.boot_selfhosted?.bytes_without_configuration),
    };
  }
  const inner = nearestKnown(facts, ({ boot }) => boot.inner_bytes_without_configuration);
  return { inner, outer: bytes - 4 * Math.ceil(inner / 3) };
}
