import { optionalText, text } from '../../../step/input.ts';
import { matching } from '../../../step/parsers.ts';
import { region, size } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

export const gcpInputs = {
  ...commonInputs,
  project: optionalText({
    summary: 'Project',
    question: 'In which project? (leave empty to say it later)',
    placeholder: 'ID',
    asked: true,
    parse: matching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a project'),
  }),
  region,
  zone: optionalText({
    summary: "Zone; the region's zone b, if not given",
    placeholder: 'ZONE',
    parse: matching(/^[a-z]+-[a-z]+\d-[a-z]$/, 'the name of a zone, as in europe-west1-b'),
  }),
  network: text({
    summary: 'Network for the machines',
    question: 'In which network?',
    placeholder: 'NAME',
    default: 'default',
    parse: matching(/^[a-z0-9][a-z0-9/_.-]*$/, 'the name of a network'),
  }),
  subnetwork: optionalText({
    summary: 'Subnetwork for the machines, where the network has no automatic ones',
    placeholder: 'NAME',
    parse: matching(/^[a-z0-9][a-z0-9/_.-]*$/, 'the name of a subnetwork'),
  }),
  'machine-type': text({
    summary: 'Machine type',
    question: 'Which machine type?',
    placeholder: 'TYPE',
    default: 'e2-medium',
    parse: matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/, 'a machine type, as in e2-medium'),
  }),
  size,
} as const;
