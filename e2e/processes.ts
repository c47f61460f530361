import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..');

export type Process = { pid: number; parent: number; command: string };

/**
 * Living processes of this machine; a dead one whose parent has not looked yet is not among them. The clone's own path is left out of their command
 * lines, so that a word in it is not taken for a process's role.
 */
async function listProcesses(): Promise<Process[]> {
  const found = existsSync('/proc/self/stat') ? readProc() : await askPs();
  return found.map((process) => ({ ...process, command: process.command.replaceAll(root, '') }));
}

/** Slim images of Linux have no `ps`. */
function readProc(): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      // proc_pid_stat(5): the name stands in brackets and may hold anything, so the rest begins after the last one.
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(entry), parent: Number(parent), command }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

async function askPs(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Awwo', 'pid=,ppid=,stat=,args='], { maxBuffer: 64_000_000 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined || state?.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command }];
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
