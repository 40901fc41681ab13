import { AdoptionNoteEntity } from './adoption-note.entity';
import { ApiTokenEntity } from './api-token.entity';
import { InstanceEntity } from './instance.entity';
import { RunEntity } from './run.entity';
import { SessionEntity } from './session.entity';
import { SettingEntity } from './setting.entity';
import { UserEntity } from './user.entity';

export { AdoptionNoteEntity, ApiTokenEntity, InstanceEntity, RunEntity, SessionEntity, SettingEntity, UserEntity };

/** Every entity, as an explicit list: globs break in a bundle. */
export const entities = [
  InstanceEntity,
  RunEntity,
  UserEntity,
  SessionEntity,
  ApiTokenEntity,
  SettingEntity,
  AdoptionNoteEntity,
];
