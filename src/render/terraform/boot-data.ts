import type { BootData } from '../cloud/boot-data.ts';
import { type Cloud, MOST_BOOT_DATA } from '../cloud/limits.ts';
import { MODULES, type Module } from './releases/index.ts';

/** Where a template was not read, a newer one may be longer by this factor. */
const MARGIN = 1.25;

/** Returns the bytes of a release's own part of the boot data, or those of the newest release that is known, and a quarter more. */
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
 * Computes what a machine is started with, by `boot.size_formula` of the facts in `test/fixtures/modules/`.
 * @param own bytes of the module's own part, whatever depends on other inputs included
 */
export function measureBootData(
  { cloud, boot, selfHosted }: Module,
  { own, configuration, isSelfHosted = false }: { own: number; configuration: number; isSelfHosted?: boolean },
): BootData {
  const limit = MOST_BOOT_DATA[cloud];
  const isEstimate = (isSelfHosted ? selfHosted?.bytes : boot.bytes) === undefined;
  const size = { limit, configuration, isEstimate };
  if (cloud !== 'azure') return { ...size, bytes: own + configuration, room: limit - own };
  // Base64 within the script that is sent: 313 bytes of it are the outer script's own.
  const bytes = 313 + 4 * Math.ceil((own + configuration) / 3);
  return { ...size, bytes, room: Math.floor((limit - 313) / 4) * 3 - own };
}
