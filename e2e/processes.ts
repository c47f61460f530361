import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..');

export type Process = { pid: number; parent: number; command: string };

/** Living processes of this machine. The clone's own path is left out of their command lines, so that a word in it is not taken for a process's role. */
async function listProcesses(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,stat=,args=', '-ww'], {
    maxBuffer: 64_000_000,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    // A dead process whose parent has not looked yet is still listed.
    if (command === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), command: command.replaceAll(root, '') }];
  });
}

/** The process and all it started, directly or not. Others that look alike (another clone, another test) are never among them. */
export async function listFamily(pid: number): Promise<Process[]> {
  const all = await listProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) family.push(...all.filter((process) => process.parent === member.pid));
  return family;
}

/** Those of the processes that still live. */
export async function listLiving(processes: Process[]): Promise<Process[]> {
  const living = new Map((await listProcesses()).map((process) => [process.pid, process]));
  return processes.filter(({ pid, command }) => living.get(pid)?.command === command);
}
