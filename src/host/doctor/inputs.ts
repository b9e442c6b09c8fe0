import { UserError } from '../../core/errors.ts';
import { environment, sourceInputs } from '../../launcher/index.ts';
import { list, optionalText, yesNo } from '../../step/input.ts';
import { directory } from '../../step/shared.ts';

const { 'key-server': keyServer, fingerprint, 'download-ca': downloadCa } = sourceInputs;

/** What the doctor may be told; it needs nothing. */
export const doctorInputs = {
  dir: directory,
  environment,
  account: optionalText({
    summary: 'Your account; also check that ACCOUNT.app.spacelift.io is reachable',
    placeholder: 'ACCOUNT',
    parse(name) {
      if (/^[a-z0-9][a-z0-9-]*$/i.test(name)) return name;
      throw new UserError('SPACECTL_BAD_INPUT', `"${name}" is not the name of an account`);
    },
  }),
  endpoint: list({
    summary: 'Another server that workers need, such as the VCS or a private registry',
    placeholder: 'HOST[:PORT]',
    parse(server) {
      if (/^[a-z0-9.-]+(?::\d{1,5})?$/i.test(server)) return server;
      throw new UserError('SPACECTL_BAD_INPUT', `"${server}" is not HOST or HOST:PORT`);
    },
  }),
  'runner-image': optionalText({
    summary: "Runner image that workers use (default: the launcher's)",
    placeholder: 'REF',
    parse: (reference) => reference,
  }),
  container: yesNo({
    summary: 'Start a container of the runner image, if the image is on this host, to check the bundle',
    default: true,
  }),
  skip: list({ summary: 'Check to skip, by its ID', placeholder: 'ID', parse: (id) => id }),
  'key-server': keyServer,
  fingerprint,
  'download-ca': downloadCa,
} as const;
