import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whether processor time is measured, which other work on the machine changes less. Needs `perf` of Linux. */
const IS_PROCESSOR_TIME = process.env.SPACECTL_BENCH_CLOCK === 'processor';

/** What times are measured by. */
export const CLOCK = IS_PROCESSOR_TIME ? 'processor time' : 'time';

/** Milliseconds that one whole process takes: from start to end or, with `SPACECTL_BENCH_CLOCK=processor`, of processors. */
export function timeOnce(command, options = {}) {
  const counted = ['perf', 'stat', '--event=task-clock', '--field-separator=,', '--log-fd=3', '--', ...command];
  const [program, ...args] = IS_PROCESSOR_TIME ? counted : command;
  const start = process.hrtime.bigint();
  const { status, error, stderr, output } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  if (IS_PROCESSOR_TIME) return Number(/^[\d.]+/m.exec(String(output[3]))?.[0]);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Medians of whole-process times, the commands taking turns so that whatever else the machine does hits all alike.
 * @param commands command lines by name; @param before what to do before each run, by name
 * @returns milliseconds by name
 */
export function medians(commands, { runs, before = {}, options }) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = -2; run < runs; run++) {
    for (const [name, command] of Object.entries(commands)) {
      before[name]?.();
      const time = timeOnce(command, options);
      if (run >= 0) times[name].push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/**
 * Median ratios of whole-process times to a yardstick that is run just before each: what else the machine does hits both.
 * @param commands command lines by name
 * @returns the median of the yardstick in milliseconds, and ratios by name
 */
export function medianRatios(yardstick, commands, { runs, options }) {
  const yardsticks = [];
  const ratios = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = -2; run < runs; run++) {
    for (const [name, command] of Object.entries(commands)) {
      const length = timeOnce(yardstick, options);
      const ratio = timeOnce(command, options) / length;
      if (run < 0) continue;
      yardsticks.push(length);
      ratios[name].push(ratio);
    }
  }
  const middles = Object.entries(ratios).map(([name, all]) => [name, median(all)]);
  return { yardstick: median(yardsticks), ratios: Object.fromEntries(middles) };
}

const peak = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));

/** Megabytes of memory that a Node program held at its peak. */
export function peakMemory([program, ...args], options = {}) {
  const { output, status, stderr } = spawnSync(program, ['--require', peak, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(output[3]) / 1024;
}

/** Prints a table: what was measured, the figure, and the target it is held against. */
export function printTable(title, rows) {
  console.log(`\n${title}`);
  for (const { name, figure, target, isWithin } of rows) {
    console.log(`  ${name.padEnd(44)} ${figure.padStart(24)}   ${target.padEnd(14)} ${isWithin ? 'within' : 'OVER'}`);
  }
}
