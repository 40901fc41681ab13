import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { isoNow } from './iso-now';

/** A token for scripts, `aik_<id>_<secret>`. Only the hash of the secret is kept; it goes with its user. */
@Entity('api_tokens')
@Index('ix_api_tokens_user', ['user_id'])
export class ApiTokenEntity {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'integer' })
  user_id!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  secret_hash!: string;

  @Column({ type: 'text', default: isoNow })
  created_at!: string;

  @Column({ type: 'text', nullable: true })
  expires_at!: string | null;

  @Column({ type: 'text', nullable: true })
  last_used_at!: string | null;
}
