import type { Row, Section } from '../page.ts';

/** The parts of the JSON Schema that help reads. */
interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Lists the sections of spacectl.yaml and their keys, from its JSON Schema. */
export function poolFileSections(schema: string): readonly Section[] {
  const { description = '', properties = {} } = JSON.parse(schema) as Schema;
  return [
    {
      paragraphs: [
        `${description} A key is the name of a flag, without the name of its section. init saves your answers here; apply does what the file says. Secrets are never in it.`,
        '"spacectl schema" prints its JSON Schema, for editors.',
      ],
    },
    ...Object.entries(properties).map(([name, section]) => ({
      heading: `${name}: ${section.description ?? ''}`,
      rows: Object.entries(section.properties ?? {}).map(([key, { description: text = '' }]): Row => [key, text]),
    })),
  ];
}
