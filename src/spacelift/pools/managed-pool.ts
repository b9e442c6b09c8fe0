import { UserError } from '../../core/errors.ts';
import type { WorkerPool } from '../api/worker-pools.ts';

/**
 * Returns why a pool is changed only with `--force`: Spacelift's Kubernetes controller registered it, and has its key. Such
 * pools can be neither changed nor reset in Spacelift's UI (spacelift-io/user-documentation@6e9746f,
 * docs/concepts/worker-pools/kubernetes-workers.md, "Auto-registration").
 * @param what would be done: "reset"
 */
export function managedElsewhere(
  { id, name, managedByK8sController }: WorkerPool,
  what: 'change' | 'reset',
): UserError | undefined {
  if (!managedByK8sController) return undefined;
  const risk =
    what === 'reset' ? 'a reset would cut off its workers' : 'it would conflict with the WorkerPool resource there';
  const message = `Worker pool "${name}" (${id}) is managed by a Kubernetes controller: ${risk}`;
  return new UserError('SPACECTL_WOULD_OVERWRITE', message, {
    suggestions: [
      what === 'reset' ? 'Use another pool' : 'Change the WorkerPool resource in the cluster',
      `Or ${what} it nevertheless: add --force`,
    ],
  });
}
