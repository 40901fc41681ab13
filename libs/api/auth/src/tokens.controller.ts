import { Controller } from '@nestjs/common';
import { type ApiToken, type RouteInput, type RouteResult, routes } from '@aikore/contract';
import { AppError, Caller, Endpoint, type Identity, Input } from '@aikore/api/kernel';
import { ApiTokens } from './credentials/api-tokens';

/** The caller's own API tokens. */
@Controller()
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Endpoint(routes.listTokens)
  list(@Caller() { userId }: Identity): ApiToken[] {
    return userId === null ? [] : this.tokens.list(userId);
  }

  @Endpoint(routes.createToken)
  create(
    @Caller() caller: Identity,
    @Input() { body }: RouteInput<typeof routes.createToken>,
  ): Promise<RouteResult<typeof routes.createToken>> {
    return this.tokens.create(ownerOf(caller), body.name, body.expires_in_days);
  }

  @Endpoint(routes.deleteToken)
  remove(@Caller() caller: Identity, @Input() { params }: RouteInput<typeof routes.deleteToken>): Promise<void> {
    return this.tokens.remove(ownerOf(caller), params.id);
  }
}

function ownerOf({ userId }: Identity): number {
  if (userId !== null) return userId;
  throw new AppError('wrong_state', 'The login is turned off (AIKORE_AUTH=none): tokens belong to nobody here.');
}
