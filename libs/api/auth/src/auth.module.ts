import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppConfig, AuditTrail, DataLayout, DomainEvents, Gate } from '@aikore/api/kernel';
import { Transactions } from '@aikore/database';
import { Clock, Files } from '@aikore/platform';
import { AppCookies } from './apps/app-cookies';
import { AppEntry } from './apps/app-entry';
import { Tickets } from './apps/tickets';
import { AuditInterceptor } from './audit/audit.interceptor';
import { AuditLog } from './audit/audit-log';
import { AuthController } from './auth.controller';
import { ApiTokens } from './credentials/api-tokens';
import { BrowserSessions } from './credentials/browser-sessions';
import { Credentials, NoLogin, UserCredentials } from './credentials/credentials';
import { InstallKeys } from './credentials/install-keys';
import { Sessions } from './credentials/sessions';
import { Users } from './credentials/users';
import { AuthGate } from './gate/auth-gate';
import { Login } from './login';
import { LoginLimiter } from './passwords/login-limiter';
import { PasswordHasher } from './passwords/password-hasher';
import { FirstAdmin } from './setup/first-admin';
import { SetupToken } from './setup/setup-token';
import { TokensController } from './tokens.controller';

/**
 * Who gets in. Global, because the proxy and the socket adapter need the `Gate` and may not know this module.
 *
 * Needs from global modules: AppConfig, DataLayout, DomainEvents, Clock, Files and the DataSource. What is kept in
 * the database is read by asynchronous factories, so that everything here is whole before the first request.
 */
@Global()
@Module({
  controllers: [AuthController, TokensController],
  providers: [
    { provide: InstallKeys, inject: [DataSource], useFactory: (data: DataSource) => InstallKeys.load(data) },
    { provide: Users, inject: [DataSource], useFactory: (data: DataSource) => Users.load(data) },
    {
      provide: Sessions,
      inject: [DataSource, Clock, DomainEvents],
      useFactory: (data: DataSource, clock: Clock, events: DomainEvents) => Sessions.load(data, clock, events),
    },
    {
      provide: ApiTokens,
      inject: [DataSource, Clock, DomainEvents],
      useFactory: (data: DataSource, clock: Clock, events: DomainEvents) => ApiTokens.load(data, clock, events),
    },
    { provide: LoginLimiter, inject: [Clock], useFactory: (clock: Clock) => new LoginLimiter(clock) },
    {
      provide: SetupToken,
      inject: [DataSource, Files, AppConfig, DataLayout],
      useFactory: (data: DataSource, files: Files, config: AppConfig, layout: DataLayout) =>
        new SetupToken(data, files, config, layout),
    },
    {
      provide: FirstAdmin,
      inject: [AppConfig, Users, SetupToken, PasswordHasher, DataSource, Files],
      useFactory: async (
        config: AppConfig,
        users: Users,
        token: SetupToken,
        hasher: PasswordHasher,
        data: DataSource,
        files: Files,
      ) => {
        const firstAdmin = new FirstAdmin(config, users, token, hasher, new Transactions(data));
        await firstAdmin.prepare(files);
        return firstAdmin;
      },
    },
    PasswordHasher,
    AppCookies,
    Tickets,
    AppEntry,
    UserCredentials,
    {
      provide: Credentials,
      inject: [AppConfig, UserCredentials],
      useFactory: (config: AppConfig, users: UserCredentials) => (config.auth === 'none' ? new NoLogin() : users),
    },
    BrowserSessions,
    Login,
    AuditLog,
    { provide: AuditTrail, useExisting: AuditLog },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    AuthGate,
    { provide: Gate, useExisting: AuthGate },
  ],
  exports: [Gate, AuditLog, AuditTrail, SetupToken],
})
export class AuthModule {}
