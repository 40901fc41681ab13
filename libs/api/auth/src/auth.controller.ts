import { Controller, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type Me, type RouteInput, routes } from '@aikore/contract';
import { Caller, Endpoint, type GatedRequest, type Identity, Input, remoteAddress } from '@aikore/api/kernel';
import { describeForAudit } from './audit/audit-request';
import { BrowserSessions } from './credentials/browser-sessions';
import { Users } from './credentials/users';
import { Login } from './login';
import { FirstAdmin } from './setup/first-admin';

/** Set-up, login, logout, and who is asking. */
@Controller()
export class AuthController {
  constructor(
    private readonly firstAdmin: FirstAdmin,
    private readonly login: Login,
    private readonly users: Users,
    private readonly browserSessions: BrowserSessions,
  ) {}

  @Endpoint(routes.setup)
  async setUp(
    @Input() { body }: RouteInput<typeof routes.setup>,
    @Req() request: GatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Me> {
    const user = await this.firstAdmin.setUp(body);
    describeForAudit(response, { actor: user.username });
    return this.browserSessions.begin(user, request, response);
  }

  @Endpoint(routes.login)
  async logIn(
    @Input() { body }: RouteInput<typeof routes.login>,
    @Req() request: GatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Me> {
    // An unknown name is not recorded: people type their password into the wrong field.
    describeForAudit(response, { actor: this.users.byName(body.username)?.username ?? null });
    const user = await this.login.check(body.username, body.password, remoteAddress(request));
    return this.browserSessions.begin(user, request, response);
  }

  @Endpoint(routes.logout)
  async logOut(@Caller() caller: Identity, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.browserSessions.end(caller, response);
  }

  @Endpoint(routes.me)
  me(@Caller() { username, role, via }: Identity): Me {
    return { username, role, via };
  }
}
