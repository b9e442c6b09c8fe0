/** Who trusts a certificate authority: the rules of the programs that read trust stores, each with its source. */
export { type Judgement, judge } from './judge.ts';
export { type Consequence, type Finding, READERS, type Reader, readerName } from './reader.ts';
