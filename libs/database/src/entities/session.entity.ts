import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A browser's session. Only the hash of its id is kept; it goes with its user. */
@Entity('sessions')
@Index('ix_sessions_user', ['user_id'])
export class SessionEntity {
  @PrimaryColumn({ type: 'text' })
  id_hash!: string;

  @Column({ type: 'integer' })
  user_id!: number;

  /** ISO 8601, UTC; so are the two below. */
  @Column({ type: 'text' })
  created_at!: string;

  @Column({ type: 'text' })
  last_seen_at!: string;

  @Column({ type: 'text' })
  expires_at!: string;

  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ type: 'text', nullable: true })
  user_agent!: string | null;
}
