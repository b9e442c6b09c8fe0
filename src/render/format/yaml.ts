import { stringify } from 'yaml';
import { HEADER } from './template.ts';

/**
 * A document for readers of YAML 1.1 and of 1.2: texts are quoted, and so is every key that either takes for anything but
 * text. In 1.1, which Ansible reads, `yes`, `on` and `2024-01-01` are none.
 */
export function formatYaml(document: object): string {
  const options = {
    lineWidth: 0,
    schema: 'yaml-1.1',
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  } as const;
  return `# ${HEADER}\n${stringify(document, options)}`;
}
