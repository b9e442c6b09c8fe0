import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Node reads these certificates at each of its starts, which takes as long as everything else it does by then; and no
// test is to depend on whom the developer trusts.
delete process.env['NODE_EXTRA_CA_CERTS'];

// No test is to depend on the launchers that the developer has downloaded.
process.env['XDG_STATE_HOME'] = path.join(tmpdir(), `spacectl-test-state-${process.getuid?.() ?? 'user'}`);

/** Tests leave nothing behind, so that one process takes several files, and what they import is loaded once. */
const common = { testTimeout: 60_000, hookTimeout: 60_000, isolate: false };

/** What takes longest, by the names of files: booted hosts, then what runs large other programs, then many runs of this one. */
const SLOW = [
  /(?:host|first-boot|ansible|deploy-ssh|host-faults)\.test\.ts$/,
  /(?:boot|ci|container-image|disk|engine|executable|oracle|plan|reproducible|windows)\.test\.ts$/,
  /(?:claims|completion|guides|interruption|status-cures|workerpool-create|wizard[a-z-]*)\.test\.ts$/,
];

/** Starts what takes longest first, so that nothing is left running alone at the end. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = SLOW.findIndex((names) => names.test(moduleId));
      return index < 0 ? SLOW.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/** `unit` tests read the sources; `e2e` tests run the built program, which is built once before them. */
export default defineConfig({
  test: {
    // Most tests wait for other programs: one more at a time than there are processors.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**'],
          setupFiles: ['test/services/forget-secrets.ts'],
        },
      },
      { test: { ...common, name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/services/build.ts'] } },
    ],
  },
});
