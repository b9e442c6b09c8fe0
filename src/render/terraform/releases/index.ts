export { MODULES } from './modules.ts';
export type { Module } from './release.ts';
export { parseType, type Type } from './type.ts';
