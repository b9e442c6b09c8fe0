/** Decides about a server's certificates as Go's standard library does. */
export type { GoCertificate } from './certificate.ts';
export type { GoProblem, GoProblemKind } from './problem.ts';
export { type GoVerdict, verifyLikeGo } from './verify.ts';
