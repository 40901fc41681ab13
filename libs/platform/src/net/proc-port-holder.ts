import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { readAllStats, readStatus } from '../process/procfs';
import { PortHolder, type ExposedSocket, type Listener, type PortHolderInfo } from './port-holder';
import { isLoopbackAddress, parseTcpTable, type ListeningSocket } from './tcp-table';

const pidsPerTurn = 20;

/** Matches the kernel's table of sockets with what /proc/<pid>/fd points to. */
export class ProcPortHolder extends PortHolder {
  async describe(port: number): Promise<PortHolderInfo> {
    const sockets = (await listeningSockets()).filter((socket) => socket.port === port);
    const [first] = sockets;
    if (!first) return { pid: null, text: null };
    const inodes = new Set(sockets.map(({ inode }) => inode));
    for await (const { pid } of socketsOf([...readAllStats().keys()], inodes)) {
      return { pid, text: `${(await readStatus(pid)).name} (pid ${pid})` };
    }
    return { pid: null, text: `a process of another user (uid ${first.uid})` };
  }

  async listenersOf(pids: readonly number[]): Promise<Listener[]> {
    if (pids.length === 0) return [];
    const byInode = new Map((await listeningSockets()).map((socket) => [socket.inode, socket]));
    const listeners = new Map<string, Listener>();
    for await (const { pid, inode } of socketsOf(pids, byInode)) {
      const socket = byInode.get(inode);
      // A socket can have several numbers in one process (dup).
      if (socket) listeners.set(`${pid} ${inode}`, { address: socket.address, port: socket.port, pid, inode });
    }
    return [...listeners.values()];
  }

  async exposed(): Promise<ExposedSocket[]> {
    const sockets = (await listeningSockets()).filter(({ address }) => !isLoopbackAddress(address));
    return sockets.map(({ address, port, inode }) => ({ address, port, inode }));
  }
}

const listeningSockets = async (): Promise<ListeningSocket[]> => {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => ''));
  return (await Promise.all(tables)).flatMap(parseTcpTable);
};

/** The open sockets of processes that are among `inodes`; lets the event loop breathe, there may be thousands. */
async function* socketsOf(
  pids: readonly number[],
  inodes: { has(inode: string): boolean },
): AsyncGenerator<{ pid: number; inode: string }> {
  for (const [index, pid] of pids.entries()) {
    if (index % pidsPerTurn === pidsPerTurn - 1) await turn();
    for (const inode of socketInodes(pid)) if (inodes.has(inode)) yield { pid, inode };
  }
}

const socketInodes = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => socketInode(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
};

const socketInode = (path: string): string[] => {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode ? [inode] : [];
  } catch {
    return [];
  }
};
