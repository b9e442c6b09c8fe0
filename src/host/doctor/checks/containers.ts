import { quoteIfNeeded } from '../../../core/text.ts';
import { bad, type Check, type Cure, defineCheck, good, skipped, warning } from '../check.ts';
import { isBuiltOnHost, RESTART, rebuildBundle } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';

/** Checks that the bundle in a container is the host's, byte for byte. */
const mounted = defineCheck({
  id: 'bundle-mounted',
  title: 'Bundle in a runner container',
  stage: 'installed',
  needs: ['containers', 'installation', 'paths'],
  judge({ containers: { reason, bundles, problem }, installation, paths }) {
    if (reason !== undefined) return skipped(reason);
    return bundles.map(({ file, path, onHost, inContainer }) => {
      const more = { about: path, explains: ['bundle-clients', 'bundle-handshake', 'worker/bundle-not-seen'] };
      if (onHost === undefined)
        return bad(
          `${file} does not exist: Docker mounts an empty directory instead`,
          rebuildBundle({ installation, paths }),
          more,
        );
      if (inContainer === undefined)
        return bad(
          `the container cannot read it: ${problem ?? ''}`,
          { fix: 'Check which path the image uses: --mount-path' },
          more,
        );
      if (inContainer !== onHost)
        return bad(
          'the container sees different content than the host',
          { fix: `${file} may have been replaced while it was mounted: restart the service`, commands: [RESTART] },
          more,
        );
      return good(`identical to ${file}, ${onHost.slice(0, 12)}…`, path);
    });
  },
});

/** Checks that the bundle starts with the image's own: otherwise it was built for another image, or an older one. */
const current = defineCheck({
  id: 'bundle-current',
  title: 'Bundle is current',
  stage: 'installed',
  needs: ['containers', 'installation', 'paths', 'files'],
  judge({ containers: { reason, bundles }, installation, paths, files }) {
    if (reason !== undefined) return skipped(reason);
    return bundles.map(({ file, path, beginsWithImage }) => {
      if (beginsWithImage === undefined)
        return warning(
          `the image has no file at ${path}`,
          { fix: 'Check which path the image uses: --image-path' },
          { about: path },
        );
      if (beginsWithImage) return good("starts with the image's own bundle", path);
      const isChanged = files.changed?.some((each) => each.path === file && each.change === 'changed');
      const given = { installation, paths };
      return bad("does not start with the image's own bundle", isChanged ? rebuildBundle(given) : extendImage(given), {
        about: path,
        explains: ['bundle-handshake', `installed-files/${file}`],
      });
    });
  },
});

/** Returns how to build a bundle for the image that is on the host. */
function extendImage(given: Pick<Facts, 'installation' | 'paths'>): Cure {
  const again = rebuildBundle(given);
  if (isBuiltOnHost(given)) return again;
  const fix = `Build it again for this image, and install it; or use --ca-strategy host. ${again.fix}`;
  const dir = given.installation.poolFolder;
  if (dir === undefined || !again.commands) return { fix };
  return { fix, commands: [`spacectl ca-bundle check --dir ${quoteIfNeeded(dir)} --update`, ...again.commands] };
}

const handshake = defineCheck({
  id: 'bundle-handshake',
  title: 'TLS handshake from a runner container',
  stage: 'installed',
  needs: ['containers'],
  judge({ containers: { reason, handshakes } }) {
    if (reason !== undefined) return skipped(reason);
    return handshakes.map(({ server, isTrusted, said }) => {
      if (isTrusted === undefined) return skipped('the image has neither curl nor openssl');
      if (isTrusted) return good('trusted', server);
      return bad(
        `rejected (${said})`,
        { fix: "Check whether the bundle contains the server's CA: spacectl ca-bundle probe" },
        { about: server },
      );
    });
  },
});

export const containerChecks: readonly Check[] = [mounted, current];
export const bundleHandshakeChecks: readonly Check[] = [handshake];
