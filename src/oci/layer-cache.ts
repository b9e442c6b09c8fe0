import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfThere } from '../files/read.ts';
import { writeFileWhole } from '../files/write.ts';
import type { Layer } from './image.ts';
import type { Interest } from './interest.ts';
import type { SurveysOptions } from './layer-surveys.ts';
import type { Operation, Survey } from './survey.ts';

/** Changes whenever what is kept, or what it means, does. */
const FORMAT = 1;
/** Bytes that all files together may have; the ones not used for longest go first. */
const LARGEST = 64 * 1024 * 1024;
/** Bytes of one of them: what says more than this is read again. */
const LARGEST_FILE = 8 * 1024 * 1024;

/**
 * What verified layers have to say, by their digests, in a folder of the user's. Safe for any number of programs at once:
 * files are put in place whole, and the same name always means the same content. Whatever is wrong with it, the layers
 * are there to be read.
 */
export class LayerCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** For the reading of layers that are asked about some names. */
  async forSurveys(interest: Interest): Promise<Pick<SurveysOptions, 'recall' | 'remember'>> {
    return {
      recall: async (layer) => {
        const bytes = await this.#read(nameFor(layer, interest));
        return bytes && parseSurvey(bytes);
      },
      remember: (layer, survey) => this.#write(nameFor(layer, interest), formatSurvey(survey)),
    };
  }

  /** A manifest, by its digest, which whoever asks has to check. */
  manifest(digest: string): Promise<Buffer | undefined> {
    return this.#read(`manifest-${digest.replace(':', '-')}`);
  }

  keepManifest(digest: string, bytes: Buffer): Promise<void> {
    return this.#write(`manifest-${digest.replace(':', '-')}`, bytes);
  }

  async #read(name: string): Promise<Buffer | undefined> {
    const file = path.join(this.#folder, name);
    const bytes = await readFileIfThere(file).catch(() => undefined);
    const now = new Date();
    if (bytes) await utimes(file, now, now).catch(() => {});
    return bytes;
  }

  async #write(name: string, bytes: Buffer): Promise<void> {
    if (bytes.length > LARGEST_FILE) return;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFileWhole(path.join(this.#folder, name), bytes, { mode: 0o600, mayReplace: true });
      await this.#makeRoom();
    } catch {
      // A cache that cannot be written to is none; the work is done all the same.
    }
  }

  async #makeRoom(): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => {
        const file = path.join(this.#folder, name);
        return {
          file,
          ...(await stat(file).then(
            ({ size, mtimeMs }) => ({ size, mtimeMs }),
            () => ({ size: 0, mtimeMs: 0 }),
          )),
        };
      }),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of files.sort((one, other) => one.mtimeMs - other.mtimeMs)) {
      if (total <= LARGEST) return;
      await rm(file, { force: true });
      total -= size;
    }
  }
}

/** What was asked decides what the answer says: both are in the name. */
function nameFor({ digest, digestIsOf }: Layer, interest: Interest): string {
  const question = createHash('sha256')
    .update(`${FORMAT} ${digestIsOf ?? 'stored'} ${interest}`)
    .digest('hex')
    .slice(0, 16);
  return `layer-${digest.replace(':', '-')}-${question}`;
}

function formatSurvey({ operations, contents }: Survey): Buffer {
  const kept = [...contents].map(([position, bytes]) => [position, bytes.toString('base64')]);
  const text = JSON.stringify({ operations, contents: kept });
  return Buffer.from(`${digest(text)}\n${text}`);
}

/** `undefined` for what a full disk or a stray hand has left. */
function parseSurvey(bytes: Buffer): Survey | undefined {
  const end = bytes.indexOf(0x0a);
  const text = bytes.toString('utf8', end + 1);
  if (bytes.toString('latin1', 0, Math.max(end, 0)) !== digest(text)) return undefined;
  const { operations, contents } = JSON.parse(text) as { operations: Operation[]; contents: [number, string][] };
  return {
    operations,
    contents: new Map(contents.map(([position, base64]) => [position, Buffer.from(base64, 'base64')])),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
