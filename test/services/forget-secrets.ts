import { afterAll } from 'vitest';
import { forgetSecrets } from '../../src/core/secrets.ts';

afterAll(forgetSecrets);
