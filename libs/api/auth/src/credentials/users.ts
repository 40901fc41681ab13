import type { DataSource } from 'typeorm';
import { UserEntity } from '@aikore/database';

/** Everybody who may log in, in memory: judging a request asks no database. This server is the only writer. */
export class Users {
  private constructor(private readonly users: Map<number, UserEntity>) {}

  static async load(dataSource: DataSource): Promise<Users> {
    const rows = await dataSource.getRepository(UserEntity).find();
    return new Users(new Map(rows.map((user) => [user.id, user])));
  }

  get hasAdmin(): boolean {
    for (const user of this.users.values()) if (user.role === 'admin') return true;
    return false;
  }

  byId(id: number): UserEntity | null {
    return this.users.get(id) ?? null;
  }

  /** Names are the same without regard to case, as in the database. */
  byName(username: string): UserEntity | null {
    const wanted = username.toLowerCase();
    for (const user of this.users.values()) if (user.username.toLowerCase() === wanted) return user;
    return null;
  }

  /** Take over a user whose row was committed. */
  remember(user: UserEntity): void {
    this.users.set(user.id, user);
  }
}
