import type { Role } from '@aikore/contract';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { isoNow } from './iso-now';

/** Somebody who may log in. `username` is unique without regard to case (NOCASE, in the migration). */
@Entity('users')
export class UserEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  @Column({ type: 'text', unique: true, collation: 'NOCASE' })
  username!: string;

  /** argon2id, PHC string. */
  @Column({ type: 'text' })
  password_hash!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ type: 'text', default: isoNow })
  created_at!: string;
}
