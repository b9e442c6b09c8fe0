import { googleChoices } from '../../../cloud-accounts/index.ts';
import { chosenFrom, optionalText, text } from '../../../step/input.ts';
import { matching } from '../../../step/parsers.ts';
import { region, size } from '../../cloud/inputs.ts';
import { commonInputs } from '../inputs.ts';

/** The inputs of the Terraform configuration for Google Cloud. */
export const gcpInputs = {
  ...commonInputs,
  project: optionalText({
    summary: 'Google Cloud project',
    question: 'Google Cloud project (optional)',
    placeholder: 'ID',
    asked: true,
    isForLater: true,
    lookUp: googleChoices.projects,
    parse: matching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the ID of a project'),
  }),
  region: chosenFrom(googleChoices.regions, { ...region, question: 'Google Cloud region (optional)' }),
  zone: optionalText({
    summary: "Zone. Default: the region's zone b",
    placeholder: 'ZONE',
    lookUp: googleChoices.zones,
    parse: matching(/^[a-z]+-[a-z]+\d-[a-z]$/, 'the name of a zone, such as europe-west1-b'),
  }),
  network: text({
    summary: 'Network for the machines',
    question: 'Which network?',
    placeholder: 'NAME',
    default: 'default',
    lookUp: googleChoices.networks,
    parse: matching(/^[a-z0-9][a-z0-9/_.-]*$/, 'the name of a network'),
  }),
  subnetwork: optionalText({
    summary: 'Subnetwork for the machines, if the network does not create them automatically',
    placeholder: 'NAME',
    lookUp: googleChoices.subnetworks,
    parse: matching(/^[a-z0-9][a-z0-9/_.-]*$/, 'the name of a subnetwork'),
  }),
  'machine-type': text({
    summary: 'Machine type',
    question: 'Which machine type?',
    placeholder: 'TYPE',
    default: 'e2-medium',
    lookUp: googleChoices.machineTypes,
    parse: matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/, 'a machine type, such as e2-medium'),
  }),
  size,
} as const;
