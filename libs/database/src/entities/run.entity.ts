import type { LaunchSnapshot, Run } from '@aikore/contract';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One start-to-exit of an instance, with what is needed to find its process again after the server restarted. */
@Entity('runs')
@Index('ix_runs_instance_started', ['instance_id', 'started_at'])
export class RunEntity {
  /** UUID; the process carries it as `AIKORE_RUN_ID`. */
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'integer' })
  instance_id!: number;

  /** ISO 8601, UTC. */
  @Column({ type: 'text' })
  started_at!: string;

  /** When the app first answered. */
  @Column({ type: 'text', nullable: true })
  ready_at!: string | null;

  @Column({ type: 'text', nullable: true })
  ended_at!: string | null;

  @Column({ type: 'integer', nullable: true })
  exit_code!: number | null;

  @Column({ type: 'text', nullable: true })
  signal!: string | null;

  @Column({ type: 'text', nullable: true })
  reason!: Run['reason'];

  /** `/proc/sys/kernel/random/boot_id` of the machine's boot that the process lives in. */
  @Column({ type: 'text', nullable: true })
  boot_id!: string | null;

  @Column({ type: 'integer', nullable: true })
  pid!: number | null;

  /** Clock ticks since boot, field 22 of `/proc/<pid>/stat` (proc(5)): with boot_id and pid it names one process. */
  @Column({ type: 'text', nullable: true })
  pid_start_time!: string | null;

  @Column({ type: 'integer', nullable: true })
  app_port!: number | null;

  /** Byte offset of the first log byte that is still kept. */
  @Column({ type: 'integer', default: 0 })
  log_start!: number;

  /** Bytes of log kept. */
  @Column({ type: 'integer', default: 0 })
  log_size!: number;

  /** What it was started with; null for runs of an older AiKore. */
  @Column({ type: 'simple-json', nullable: true })
  launch!: LaunchSnapshot | null;
}
