import { progressFraction } from '@aikore/contract';
import type { AppRoute } from '@aikore/domain';
import { html, type Markup, type Page } from './page';

/** Seconds between two looks while something is going on, and while nothing is. */
const soon = 2;
const later = 15;

/** What a visitor is told in one status. */
interface Words {
  headline: string;
  advice: string | null;
  reload: number | null;
}

function wordsFor(route: AppRoute): Words {
  switch (route.status) {
    case 'installing':
      return { headline: 'is being installed', advice: 'This can take a while the first time.', reload: soon };
    case 'starting':
      return { headline: 'is starting', advice: null, reload: soon };
    case 'started':
      return { headline: 'is not answering right now', advice: 'Trying again.', reload: soon };
    case 'stalled':
      return { headline: 'does not answer', advice: 'Look at its log in AiKore, or restart it there.', reload: later };
    case 'stopping':
      return { headline: 'is stopping', advice: null, reload: later };
    case 'stopped':
      return { headline: 'is stopped', advice: 'Start it in AiKore, and this page opens it.', reload: later };
    case 'error':
      return { headline: 'has failed', advice: 'Look at its log in AiKore, then start it again there.', reload: null };
  }
}

/** The page in place of an app that does not answer: what is going on, and what to do. It keeps its address. */
export function waitingPage(route: AppRoute): Page {
  const words = wordsFor(route);
  const isFailure = route.status === 'error' || route.status === 'stalled';
  return {
    status: 503,
    title: `${route.name} ${words.headline}`,
    reload: words.reload,
    body: html`<h1>${route.name}</h1>
      <p>${isFailure ? html`<span class="bad">It ${words.headline}.</span>` : `It ${words.headline}.`}</p>
      ${progressOf(route)} ${route.reason === null ? null : html`<p>${route.reason}</p>`}
      ${words.advice === null ? null : html`<p class="muted">${words.advice}</p>`}
      ${words.reload === soon ? html`<p class="muted">This page opens the app as soon as it is ready.</p>` : null}`,
  };
}

/** "step 3 of 7: …" and a bar; a blueprint that does not know how many steps there are gets a bar without an end. */
function progressOf({ status, progress }: AppRoute): Markup | null {
  if (status !== 'installing' && status !== 'starting') return null;
  if (!progress) return html`<progress aria-label="Working"></progress>`;
  const { step, steps, text } = progress;
  const fraction = progressFraction(progress);
  if (fraction === null)
    return html`<progress aria-label="Working"></progress>
      <p class="muted">${text}</p>`;
  const label = `step ${step} of ${steps}${text ? `: ${text}` : ''}`;
  return html`<progress aria-label="Progress" max="1" value="${fraction.toFixed(3)}"></progress>
    <p class="muted">${label}</p>`;
}

/** The same in one sentence, for programs. */
export const waitingSentence = (route: AppRoute): string => {
  const { headline, advice } = wordsFor(route);
  return `${route.name} ${headline}.${advice ? ` ${advice}` : ''}`;
};
