/**
 * Bytes that a plan will write. Most are known while planning; some come into being only when the plan is applied (a
 * private key, later a token from an API), and whatever is rendered from those is unknown until then too.
 */
export interface Content {
  /** Whether the bytes can be had without doing anything that changes the world or takes long. */
  readonly isKnown: boolean;
  /** The bytes; the same ones however often it is called. Whatever takes long says how far it is. */
  bytes(report?: Report): Promise<Uint8Array>;
}

/** Shows the user the progress, in a few words; `passing`: only until the next report. */
export type Report = (progress: string, kind?: 'passing') => void;

/** Returns content whose bytes are known already. A string is encoded as UTF-8. */
export function known(bytes: Uint8Array | string): Content {
  const value = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return { isKnown: true, bytes: async () => value };
}

/** Returns content that is made once, when its bytes are first read. */
export function later(make: (report: Report) => Promise<Uint8Array>): Content {
  let made: Promise<Uint8Array> | undefined;
  return {
    isKnown: false,
    bytes(report = () => {}) {
      made ??= make(report);
      return made;
    },
  };
}

/** Returns content made from other content. It is known if all of that is known. */
export async function derive<const C extends readonly Content[]>(
  from: C,
  make: (...bytes: { [K in keyof C]: Uint8Array }) => Uint8Array | string | Promise<Uint8Array | string>,
): Promise<Content> {
  const bytes = async (report?: Report) => {
    const made = await make(...((await Promise.all(from.map((each) => each.bytes(report)))) as never));
    return typeof made === 'string' ? Buffer.from(made) : made;
  };
  return from.every((each) => each.isKnown) ? known(await bytes()) : later(bytes);
}
