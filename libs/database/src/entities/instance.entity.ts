import type { InstanceStatus, Progress, RestartPolicy, StatusReason } from '@aikore/contract';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { isoNow } from './iso-now';

/**
 * One configured copy of an app. Property names are the column names, which are the names that clients see.
 * Constraints live in the migrations: foreign keys, and the unique index that leases a public port only once.
 */
@Entity('instances')
export class InstanceEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** Set for a satellite, which reuses the environment of this instance. Deleting the parent is refused. */
  @Column({ type: 'integer', nullable: true })
  parent_instance_id!: number | null;

  @Column({ type: 'text', unique: true })
  name!: string;

  @Column({ type: 'text' })
  base_blueprint!: string;

  @Column({ type: 'text', default: 'stopped' })
  status!: InstanceStatus;

  @Column({ type: 'text', nullable: true })
  gpu_ids!: string | null;

  /** The public pool port; for a persistent instance the internal port of its app. Null: Auto. */
  @Column({ type: 'integer', nullable: true })
  port!: number | null;

  @Column({ type: 'boolean', default: false })
  persistent_mode!: boolean;

  /** The public pool port of a persistent instance. */
  @Column({ type: 'integer', nullable: true })
  persistent_port!: number | null;

  /** Number of the X display of a persistent instance. */
  @Column({ type: 'integer', nullable: true })
  persistent_display!: number | null;

  @Column({ type: 'text', nullable: true })
  output_path!: string | null;

  @Column({ type: 'text', nullable: true })
  hostname!: string | null;

  @Column({ type: 'boolean', default: false })
  use_custom_hostname!: boolean;

  @Column({ type: 'boolean', default: false })
  autostart!: boolean;

  @Column({ type: 'text', nullable: true })
  python_version!: string | null;

  @Column({ type: 'text', nullable: true })
  cuda_version!: string | null;

  @Column({ type: 'text', nullable: true })
  torch_version!: string | null;

  /** DNS label in URLs: `deriveSlug`, made unique. */
  @Column({ type: 'text', unique: true })
  slug!: string;

  /** Folder below `instances/`. Chosen once, never changed: a rename moves nothing. */
  @Column({ type: 'text', unique: true })
  directory!: string;

  /** Place in the list, ascending from 1; satellites follow their parent. */
  @Column({ type: 'integer', default: 0 })
  position!: number;

  /** What a person asked for last, so that a restart of the server can restore it. */
  @Column({ type: 'text', default: 'stopped' })
  desired_state!: 'stopped' | 'started';

  @Column({ type: 'text', default: 'never' })
  restart_policy!: RestartPolicy;

  /** Restarts by policy since a person last started it. */
  @Column({ type: 'integer', default: 0 })
  restarts!: number;

  /** ISO 8601, UTC. */
  @Column({ type: 'text', default: isoNow })
  status_since!: string;

  @Column({ type: 'simple-json', nullable: true })
  status_reason!: StatusReason | null;

  @Column({ type: 'simple-json', nullable: true })
  progress!: Progress | null;

  /** Private loopback port that the app listens on. */
  @Column({ type: 'integer', nullable: true })
  app_port!: number | null;

  @Column({ type: 'text', nullable: true })
  current_run_id!: string | null;

  /** Settings were changed that the running app does not have yet. */
  @Column({ type: 'boolean', default: false })
  needs_restart!: boolean;

  /** Intent row: a delete of this kind is under way and is finished at the next boot if it was cut off. */
  @Column({ type: 'text', nullable: true })
  pending_delete!: 'trash' | 'permanent' | null;

  /** Counts edits, for `stale_revision`. */
  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ type: 'text', default: isoNow })
  created_at!: string;

  @Column({ type: 'text', default: isoNow })
  updated_at!: string;
}
