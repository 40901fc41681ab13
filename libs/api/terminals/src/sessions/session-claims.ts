import { terminalLimits } from '@aikore/contract';
import { AppError } from '@aikore/api/kernel';

/** A terminal that is there, or is being opened. */
export interface Claim {
  readonly owner: string;
  readonly instanceId: number;
  readonly name: string;
}

type Wish = Omit<Claim, 'name'> & { readonly name?: string | undefined };

const bounds: readonly [most: number, counts: (claim: Claim, wish: Wish) => boolean, sentence: string][] = [
  [
    terminalLimits.perInstance,
    (claim, wish) => claim.instanceId === wish.instanceId,
    `This instance has ${terminalLimits.perInstance} terminals already. Close one of them first.`,
  ],
  [
    terminalLimits.perUser,
    (claim, wish) => claim.owner === wish.owner,
    `You have ${terminalLimits.perUser} terminals open already. Close one of them first.`,
  ],
  [
    terminalLimits.total,
    () => true,
    `There are ${terminalLimits.total} terminals on this server already. Somebody has to close one first.`,
  ],
];

/** How many terminals there may be. Claimed before anything is started, so that many at once are not too many. */
export class SessionClaims {
  private readonly claims = new Set<Claim>();

  get size(): number {
    return this.claims.size;
  }

  /** @throws AppError `rate_limited` with a sentence that names the limit */
  claim(wish: Wish): Claim {
    for (const [most, counts, sentence] of bounds) {
      if ([...this.claims].filter((claim) => counts(claim, wish)).length >= most) {
        throw new AppError('rate_limited', sentence);
      }
    }
    const claim = { owner: wish.owner, instanceId: wish.instanceId, name: wish.name ?? this.freeName(wish) };
    this.claims.add(claim);
    return claim;
  }

  release(claim: Claim): void {
    this.claims.delete(claim);
  }

  private freeName(wish: Wish): string {
    const taken = new Set(
      [...this.claims]
        .filter(({ owner, instanceId }) => owner === wish.owner && instanceId === wish.instanceId)
        .map(({ name }) => name),
    );
    for (let number = 1; ; number += 1) if (!taken.has(`Terminal ${number}`)) return `Terminal ${number}`;
  }
}
