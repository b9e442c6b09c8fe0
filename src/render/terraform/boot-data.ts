import type { BootData } from '../cloud/boot-data.ts';
import { type Cloud, MAX_BOOT_DATA } from '../cloud/limits.ts';
import { MODULES, type Module } from './releases/index.ts';

/** A template that was not read may be longer than the newest known one by this factor. */
const MARGIN = 1.25;

/** Returns the size of a release's own part of the boot data. If it is not known: the newest known one, and a quarter more. */
export function ownPart({ cloud, boot, selfHosted }: Module, isSelfHosted: boolean): number {
  if (isSelfHosted) return selfHosted?.bytes ?? Math.ceil(SELF_HOSTED_6_1 * MARGIN);
  return boot.bytes ?? Math.ceil(newestKnown(cloud) * MARGIN);
}

/** The newest self-hosted template that was read, at 13e7340 (module_version 6.1.0): `test/fixtures/modules/aws-v7.1.0.json`. */
const SELF_HOSTED_6_1 = 8640;

function newestKnown(cloud: Cloud): number {
  return Math.max(...MODULES.filter((each) => each.cloud === cloud).map(({ boot }) => boot.bytes ?? 0));
}

/**
 * Computes the size of the boot data, by `boot.size_formula` of the facts in `test/fixtures/modules/`.
 * @param own bytes of the module's own part, including what depends on other inputs
 */
export function measureBootData(
  { cloud, boot, selfHosted }: Module,
  { own, configuration, isSelfHosted = false }: { own: number; configuration: number; isSelfHosted?: boolean },
): BootData {
  const limit = MAX_BOOT_DATA[cloud];
  const isEstimate = (isSelfHosted ? selfHosted?.bytes : boot.bytes) === undefined;
  const size = { limit, configuration, isEstimate };
  if (cloud !== 'azure') return { ...size, bytes: own + configuration, room: limit - own };
  // The script that is sent holds it as base64, and has 313 bytes of its own.
  const bytes = 313 + 4 * Math.ceil((own + configuration) / 3);
  return { ...size, bytes, room: Math.floor((limit - 313) / 4) * 3 - own };
}
