import { afterAll, vi } from 'vitest';
import { forgetSecrets } from '../../src/core/secrets.ts';

// One process takes several files: the next one starts without the secrets and the environment of this one.
afterAll(() => {
  forgetSecrets();
  vi.unstubAllEnvs();
});
