import { UserError } from '../core/errors.ts';
import type { Architecture } from './release.ts';

/** `e_machine` of the ELF header (System V ABI, chapter 4). */
const MACHINES: Readonly<Record<number, Architecture>> = { 62: 'x86_64', 183: 'aarch64' };

/** Whether these bytes are a Linux program of any machine. */
export function isProgram(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from('\x7fELF', 'latin1'));
}

/** The machine a program is for; `undefined` where it is no program, or for a machine without a launcher. */
export function architectureOf(bytes: Uint8Array): Architecture | undefined {
  if (!isProgram(bytes) || bytes.length < 20) return undefined;
  const header = Buffer.from(bytes.subarray(0, 20));
  return MACHINES[header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18)];
}

/** @throws UserError `SPACECTL_BAD_DATA` where it is no program, or one for another kind of machine */
export function refuseOtherMachine(bytes: Uint8Array, name: string, arch: Architecture): void {
  if (architectureOf(bytes) === arch) return;
  const [is, suggestion] = isProgram(bytes)
    ? [
        `for ${architectureOf(bytes) ?? 'a machine without a launcher'}, not for ${arch}`,
        'Give the machine the launcher is for: --arch x86_64 or --arch arm64',
      ]
    : [
        'no program',
        "It may be a proxy's or a portal's page, saved in its place; fetch it anew: spacectl launcher download",
      ];
  throw new UserError('SPACECTL_BAD_DATA', `${name} is ${is}`, { suggestions: [suggestion] });
}
