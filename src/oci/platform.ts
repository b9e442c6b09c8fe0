import { UserError } from '../core/errors.ts';

/** The platform of an image, in Go's terms: `linux`, `amd64`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

const ALIASES: Readonly<Record<string, string>> = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', i386: '386' };

/** Parses `linux/amd64`, `linux/arm64/v8`. @throws UserError `SPACECTL_BAD_INPUT` */
export function parsePlatform(text: string): Platform {
  const [os, architecture, variant, ...rest] = text.trim().toLowerCase().split('/');
  const parts = [os, architecture, ...(variant === undefined ? [] : [variant])];
  if (rest.length > 0 || !parts.every((part) => part && /^[a-z0-9_.-]+$/.test(part))) {
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not a platform: expected OS/ARCHITECTURE`, {
      suggestions: ['Pass linux/amd64 or linux/arm64, for example'],
    });
  }
  const name = architecture ?? '';
  return { os: os ?? '', architecture: ALIASES[name] ?? name, ...(variant && { variant }) };
}

/** Formats a platform: `linux/arm64/v8`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

/**
 * Ranks an image's platform for the one that is wanted: 0 does not run, more is better. An ARM variant runs the code of
 * lower variants; without a variant, the default applies (containerd/platforms: arm64 is v8, arm is v7, amd64 is v1).
 */
export function rankPlatform(offered: Platform, wanted: Platform): number {
  if (offered.os !== wanted.os || architectureOf(offered) !== architectureOf(wanted)) return 0;
  const [has, wants] = [level(offered), level(wanted)];
  return has <= wants ? 1 + has : 0;
}

function architectureOf({ architecture }: Platform): string {
  return ALIASES[architecture] ?? architecture;
}

const USUAL_LEVEL: Readonly<Record<string, number>> = { arm64: 8, arm: 7, amd64: 1 };

function level({ architecture, variant }: Platform): number {
  const usual = USUAL_LEVEL[ALIASES[architecture] ?? architecture] ?? 0;
  const digits = variant && /^v?(\d+)/.exec(variant)?.[1];
  return digits ? Number(digits) : usual;
}
