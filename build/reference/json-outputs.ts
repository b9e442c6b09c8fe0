import { COMMAND_IDS } from '../../commands/oclif/command-map.ts';
import { ERROR, FACTS, MORE, OTHER, RESULTS, reportOf } from './json-shapes.ts';
import { formatShape, type Shape } from './shape.ts';

/** Lists the shapes of all documents. @throws Error unless every command has one, and no other */
export function listJsonOutputs(): string {
  const described = [FACTS, RESULTS, OTHER].flatMap((each) => Object.keys(each));
  const commands = COMMAND_IDS.map((id): string => id.replaceAll(':', ' '));
  const stray = [
    ...commands.filter((each) => !described.includes(each)),
    ...described.filter((each) => !commands.includes(each)),
  ];
  if (stray.length > 0) throw new Error(`build/reference/json-shapes.ts: describe or remove ${stray.join(', ')}`);
  return [
    section('An error', ERROR),
    section('The report of a command that changes something', reportOf('an object, below')),
    ...Object.entries(RESULTS).map(([command, shape]) => section(`spacectl ${command}`, shape)),
    ...Object.entries(FACTS).map(([command, facts]) => section(`facts of spacectl ${command}`, facts)),
    ...Object.entries(MORE).map(([heading, shape]) => section(heading, shape)),
    ...Object.entries(OTHER).map(([command, words]) => `## spacectl ${command}\n\nPrints ${words}.`),
  ].join('\n\n');
}

function section(heading: string, shape: Shape): string {
  return `## ${heading}\n\n\`\`\`text\n${formatShape(shape)}\n\`\`\``;
}
