import 'reflect-metadata';
import { openDatabase, type OpenDatabaseOptions } from '../../src';

/** Opens a database and kills itself at statement `at`: before it runs, or while it runs. */
interface Input {
  options: Omit<OpenDatabaseOptions, 'now'>;
  now: string;
  at: number;
  moment: 'before' | 'during';
}

const { options, now, at, moment } = JSON.parse(process.argv[2] ?? '') as Input;
let count = 0;
const kill = () => process.kill(process.pid, 'SIGKILL');

await openDatabase({
  ...options,
  now: () => new Date(now),
  onStatement: () => {
    count += 1;
    if (count !== at) return;
    if (moment === 'before') kill();
    else setImmediate(kill);
  },
});
process.stdout.write(`${count}\n`);
