import type { RecordedHost } from '../../../services/recorded-host/index.ts';
import type { Flags } from '../../../services/render.ts';

/** A way in which a host can be broken, and what the doctor has to say about it: this, and nothing else. */
export interface Fault {
  readonly fault: string;
  /** How the host was rendered. */
  readonly on?: Flags;
  break(host: RecordedHost): void;
  /** The check that finds it. */
  readonly check: string;
  readonly about?: string | RegExp;
  readonly evidence: RegExp;
  /** The commands that cure it, or what the advice says if no command does. */
  readonly cure: readonly string[] | RegExp;
  readonly isWarning?: boolean;
}

export const SERVICE = 'spacelift-launcher.service';
export const RESTART = 'systemctl restart spacelift-launcher';
export const SETTINGS = '/etc/spacelift/launcher.env';
