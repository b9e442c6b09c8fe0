import { directory, type Entry, file, hardlink, opaque, symlink, whiteout } from './image.ts';

const NAMES = ['etc', 'ssl', 'a', 'cert'];
/** Random numbers that are the same for the same seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed * 0x9e3779b1;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/**
 * Layers that do everything layers can do, with few names, so that they get in each other's way; and often through links
 * of layers below, since that is where reading from the top down is hard.
 */
export function randomLayers(seed: number): Entry[][] {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const freePath = (most: number) => Array.from({ length: 1 + below(most) }, () => pick(...NAMES)).join('/');
  const [links, files, folders]: [string[], string[], string[]] = [[], [], []];
  /** A file in a directory, and a link to that directory. */
  let door: { readonly link: string; readonly folder: string; readonly inside: string } | undefined;
  const somePath = () => {
    const through = pick('', '', pick('', ...links), pick('', ...folders));
    return through ? `${through}/${freePath(2)}` : freePath(4);
  };
  const spelled = (clean: string) =>
    pick(clean, clean, clean, `./${clean}`, `/${clean}`, clean.replace('/', '//'), `x/../${clean}`);
  const target = () =>
    pick(
      `/${pick(freePath(3), ...folders)}`,
      freePath(2),
      `../${freePath(2)}`,
      `../../../../${freePath(3)}`,
      '.',
      '..',
    );
  const format = () => pick('ustar', 'ustar', 'pax', 'gnu', 'base-256', 'v7') as NonNullable<Entry['format']>;
  let content = 0;
  let steps = 0;
  /** The file, the link, and then what happens to the file through the link, or under its own name. */
  const nextStep = (): Entry => {
    if (steps === 0 || !door) {
      const [folder, inside] = [freePath(2), pick(...NAMES)];
      const link = pick('x', 'y', freePath(1));
      door = { link: folder.startsWith(link) ? 'x' : link, folder, inside };
    }
    const { link, folder, inside } = door;
    const [own, through] = [`${folder}/${inside}`, `${link}/${inside}`].map(spelled) as [string, string];
    steps++;
    if (steps === 1) return file(own, `content ${content}`);
    if (steps === 2) return symlink(spelled(link), `/${folder}`);
    const step = below(8);
    if (step < 3) return opaque(spelled(link));
    if (step < 5) return whiteout(through);
    if (step < 6) return directory(spelled(folder));
    return file(step < 7 ? own : through, `content ${content}`);
  };
  return Array.from({ length: 2 + below(4) }, () =>
    Array.from({ length: 1 + below(6) }, (): Entry => {
      const clean = somePath();
      const name = spelled(clean);
      const kind = below(28);
      content++;
      if (kind >= 20) return nextStep();
      if (kind < 2) return whiteout(name);
      if (kind < 4) return opaque(pick('', name, clean.replace(/\/[^/]+$/, ''), pick(name, ...links)));
      if (kind < 6) {
        folders.push(clean);
        return directory(name);
      }
      if (kind < 10) {
        links.push(clean);
        return { ...symlink(name, target()), format: format() };
      }
      if (kind < 12 && files.length > 0) return hardlink(name, pick(...files));
      files.push(clean);
      return { ...file(name, below(12) === 0 ? '' : `content ${content}`), format: format() };
    }),
  );
}

/** Not `etc`, `dev`, `proc` and `sys`, where engines put files of their own. */
const STEP_NAMES = ['opt', 'ssl', 'a', 'cert'];

/**
 * Layers as builders write them: what one step after the other does to a tree, in which every entry's parents are
 * directories at that time. Links lead anywhere.
 */
export function randomSteps(seed: number): Entry[][] {
  const below = random(seed);
  const pick = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
  const tree = new Map<string, 'directory' | 'file' | 'symlink'>();
  let content = 0;
  return Array.from({ length: 2 + below(3) }, () => {
    const entries: Entry[] = [];
    const [touched, files] = [new Set<string>(), [] as string[]];
    const within = (folder: string) => [...tree.keys()].filter((each) => each.startsWith(`${folder}/`));
    const isFree = (name: string) => ![...touched].some((each) => each === name || each.startsWith(`${name}/`));
    const remove = (name: string) => {
      for (const each of [name, ...within(name)]) tree.delete(each);
    };
    const put = (name: string, kind: 'directory' | 'file' | 'symlink', entry: Entry) => {
      remove(name);
      tree.set(name, kind);
      touched.add(name);
      entries.push(entry);
    };
    for (let step = 2 + below(7); step > 0; step--) {
      const folders = [...tree.keys()].filter((each) => tree.get(each) === 'directory');
      const folder = pick('', ...folders, ...folders);
      const name = folder === '' ? pick(...STEP_NAMES) : `${folder}/${pick(...STEP_NAMES)}`;
      const old = pick(name, ...tree.keys());
      const target = () =>
        pick(pick(...STEP_NAMES), `../${pick(...STEP_NAMES)}`, `/${pick(...STEP_NAMES, ...tree.keys())}`, '../../..');
      const kind = below(12);
      content++;
      if (kind < 3 && !tree.has(name) && isFree(name)) put(name, 'directory', directory(name));
      else if (kind < 6 && isFree(name)) {
        put(name, 'file', file(name, `content ${content}`));
        files.push(name);
      } else if (kind < 8 && isFree(name)) put(name, 'symlink', symlink(name, target()));
      else if (kind < 9 && files.length > 0 && isFree(name)) put(name, 'file', hardlink(name, pick(...files)));
      else if (kind < 11 && tree.has(old) && isFree(old)) {
        remove(old);
        touched.add(old);
        entries.push(whiteout(old));
      } else if (tree.get(old) === 'directory' && isFree(old)) {
        put(old, 'directory', directory(old));
        entries.push(opaque(old));
      }
    }
    return entries.length > 0 ? entries : [file('last', 'resort')];
  });
}
