import { readFileSync, writeFileSync } from 'node:fs';

/** The table of what is measured in the browser. */
export const TABLE = 'In Chromium';

/** A row of `target/bench.json`, in the form that the benchmarks of the servers write. */
type Row = { table: string; name: string; figures: Record<string, number> };

/** Prints a row and puts it into the file, in the place of an older one. */
export function addRow(table: string, name: string, figures: Row['figures']): void {
  const pairs = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  console.log(`  ${name.padEnd(34)} ${pairs.join(', ')}`);
  const file = process.env.BENCH_OUTPUT;
  if (!file) return;
  const report = read(file);
  const others = report.rows.filter((row) => row.table !== table || row.name !== name);
  report.rows = [...others, { table, name, figures }];
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

function read(file: string): { rows: Row[] } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { rows: Row[] };
  } catch {
    return { rows: [] };
  }
}

/** Returns the median. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Rounds to this number of decimal places. */
export function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}
