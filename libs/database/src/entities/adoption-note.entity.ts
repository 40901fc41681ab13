import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { isoNow } from './iso-now';

/** One value of an older AiKore's database that could not be taken over as it stood: what it was, what it is, why. */
@Entity('adoption_notes')
export class AdoptionNoteEntity {
  @PrimaryGeneratedColumn({ type: 'integer' })
  id!: number;

  /** No foreign key: the note outlives the instance. Null: it is about the file. */
  @Column({ type: 'integer', nullable: true })
  instance_id!: number | null;

  @Column({ type: 'text' })
  field!: string;

  @Column({ type: 'text', nullable: true })
  old_value!: string | null;

  @Column({ type: 'text', nullable: true })
  new_value!: string | null;

  /** A sentence for a person. */
  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text', default: isoNow })
  created_at!: string;
}
