import { execa } from 'execa';

/** Builds the program once, before the tests that run it. */
export default async function build(): Promise<void> {
  await execa('node', ['build.mjs']);
}
