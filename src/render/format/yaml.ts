import { formatYamlDocument } from '../../core/yaml.ts';
import { MARK } from '../../pool-folder/index.ts';

/**
 * Formats a document for readers of YAML 1.1 and 1.2. Texts are quoted, and so is every key that either version reads as
 * something else: in 1.1, which Ansible reads, `yes`, `on` and `2024-01-01` are not text.
 */
export function formatYaml(document: object): string {
  const options = {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  } as const;
  return `# ${MARK}\n${formatYamlDocument(document, options)}`;
}
