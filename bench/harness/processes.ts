import { readFileSync } from 'node:fs';
import { childrenOf } from '../../server/test/children-of.ts';

/** What processes used so far: seconds of processor, and memory now. */
export type Use = { cpuS: number; rssMib: number };

const ticksPerSecond = 100;
const pageBytes = 4_096;

/** The sum over the processes with these ids; 0 for one that is gone. Linux only. */
export function useOf(pids: readonly number[]): Use {
  const uses = pids.map((pid): Use => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        cpuS: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
        rssMib: (Number(fields[21]) * pageBytes) / 2 ** 20,
      };
    } catch {
      return { cpuS: 0, rssMib: 0 };
    }
  });
  return {
    cpuS: uses.reduce((sum, { cpuS }) => sum + cpuS, 0),
    rssMib: uses.reduce((sum, { rssMib }) => sum + rssMib, 0),
  };
}

/** A process and those that it started and that still run. */
export const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid)];
