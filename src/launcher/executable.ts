import { UserError } from '../core/errors.ts';
import type { Architecture } from './release.ts';

/** `e_machine` of the ELF header (System V ABI, chapter 4). */
const MACHINES: Readonly<Record<number, Architecture>> = { 62: 'x86_64', 183: 'aarch64' };

/** Reports whether bytes are a Linux program for any architecture. */
export function isProgram(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from('\x7fELF', 'latin1'));
}

/** Reads a program's architecture. @returns `undefined` if it is not a program, or if there is no launcher for it */
export function architectureOf(bytes: Uint8Array): Architecture | undefined {
  if (!isProgram(bytes) || bytes.length < 20) return undefined;
  const header = Buffer.from(bytes.subarray(0, 20));
  return MACHINES[header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18)];
}

/** Checks that bytes are a program for an architecture. @throws UserError `SPACECTL_BAD_DATA` */
export function verifyArchitecture(bytes: Uint8Array, name: string, arch: Architecture): void {
  if (architectureOf(bytes) === arch) return;
  if (isProgram(bytes)) {
    const own = architectureOf(bytes) ?? 'an architecture without a launcher';
    throw new UserError('SPACECTL_BAD_DATA', `${name} is for ${own}, not for ${arch}`, {
      suggestions: ["Pass the launcher's architecture: --arch x86_64 or --arch arm64"],
    });
  }
  throw new UserError('SPACECTL_BAD_DATA', `${name} is not a Linux program`, {
    suggestions: [
      { text: 'Download it again', command: 'spacectl launcher download' },
      'If it happens again, check for a proxy or a login page that answers instead of the server',
    ],
  });
}
