import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the server keeps for itself, such as the id of the installation or the hash of the setup token. */
@Entity('settings')
export class SettingEntity {
  @PrimaryColumn({ type: 'text' })
  key!: string;

  @Column({ type: 'text' })
  value!: string;
}
