import type { Ec2Connection } from '../../cloud-accounts/index.ts';
import type { AwsOptions } from './images.ts';
import { type LaunchSource, type LaunchUse, templateWords } from './launch-source.ts';
import { resolveSource } from './resolve.ts';

/** The images that instances start from, and what uses each. */
export interface ImageUses {
  /** What uses an image, by its ID. */
  readonly images: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sources whose image is not known. */
  readonly problems: readonly { readonly name: string; readonly by: readonly string[]; readonly problem: string }[];
}

/**
 * Finds the images of all sources. Each is looked up once.
 * @param ask opens the connection to EC2; or the option because of which AWS is not asked
 */
export async function imagesOf(
  uses: readonly LaunchUse[],
  ask: { readonly connect: () => Promise<Ec2Connection> } | { readonly reason: string },
  options: AwsOptions,
): Promise<ImageUses> {
  const images = new Map<string, Set<string>>();
  const problems: ImageUses['problems'][number][] = [];
  const resolvedSources = new Map<string, ReturnType<typeof resolveSource>>();
  for (const { source, by } of uses) {
    const key = JSON.stringify(source);
    const look = async () => {
      if ('image' in source) return source;
      if ('reason' in ask) return { problem: `AWS was not queried (${ask.reason})` };
      return resolveSource(source, await ask.connect(), options);
    };
    const known = resolvedSources.get(key) ?? look();
    resolvedSources.set(key, known);
    const resolved = await known;
    if ('problem' in resolved) {
      problems.push({ name: nameOf(source), by: by === undefined ? [] : [by], problem: resolved.problem });
      continue;
    }
    const users = images.get(resolved.image) ?? new Set();
    images.set(resolved.image, by === undefined ? users : users.add(by));
  }
  return { images, problems };
}

function nameOf(source: LaunchSource): string {
  if ('template' in source) return templateWords(source.template);
  return 'configuration' in source ? `launch configuration ${source.configuration}` : source.image;
}
