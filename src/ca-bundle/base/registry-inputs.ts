import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import { inSection, list, optionalText, optionalYesNo, secret } from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';

/** Loaded only when a mirror is given: most commands with these inputs never are. */
const oci = () => import('../../oci/index.ts');

/** How a registry is reached. */
export const registryInputs = inSection('bundle', {
  'registry-ca': optionalText({
    summary: 'CA certificate of the registry, if its CA is private',
    placeholder: 'FILE',
    parse: async (file) => (await readInput(file)).toString('latin1'),
  }),
  'registry-username': optionalText({
    summary: 'User name for the registry',
    placeholder: 'NAME',
    parse: anyText,
  }),
  'registry-password': secret({
    summary: 'Password for the registry',
    placeholder: 'FILE',
    asked: false,
    parse: anyText,
  }),
  'registry-certificate': optionalText({
    summary: 'Client certificate for a registry that requires one (PEM)',
    placeholder: 'FILE',
    parse: async (file) => (await readInput(file)).toString('latin1'),
  }),
  'registry-key': secret({
    summary: 'Private key of the client certificate (PEM, without a passphrase)',
    placeholder: 'FILE',
    asked: false,
    parse: anyText,
  }),
  mirror: list({
    summary: 'Registry mirror to try first, with the path under which it has the images, if any',
    placeholder: 'HOST[/PREFIX]',
    async parse(mirror) {
      const { formatReference, parseReference } = await oci();
      const [host = ''] = mirror.split('/');
      if (!/[.:]|^localhost$/.test(host)) throw notMirror(mirror, 'its host has neither a dot nor a port');
      try {
        // Docker Hub writes itself out, and so does an image of it.
        const { registry, repository } = parseReference(`${mirror}/image/image`);
        if (formatReference({ registry, repository }) === `${mirror}/image/image`) return mirror;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
      throw notMirror(mirror, 'expected HOST, HOST:PORT or HOST/PREFIX, without https:// and without a tag');
    },
  }),
  'plain-http': optionalYesNo({
    summary: 'Use plain HTTP for the registry (default for loopback; --no-plain-http turns it off)',
  }),
});

function notMirror(mirror: string, why: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `"${mirror}" is not a mirror: ${why}`);
}
