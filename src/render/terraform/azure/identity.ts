import { block, type Item, reference, type Value } from '../../format/hcl/hcl.ts';

/** Assigns a role to the identity of the machines. */
export function mayRead(name: string, scope: Value, role: string): Item {
  return block('resource', ['azurerm_role_assignment', name], {
    scope,
    role_definition_name: role,
    principal_id: reference('azurerm_user_assigned_identity.workers.principal_id'),
  });
}
