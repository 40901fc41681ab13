import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  inject,
  viewChild,
} from '@angular/core';

const art = [
  '    ___    _ __ __                ',
  '   /   |  (_) //_/___  ________   ',
  '  / /| | / / ,<  / __ \\/ ___/ _ \\ ',
  ' / ___ |/ / /| |/ /_/ / /  /  __/ ',
  '/_/  |_/_/_/ |_|\\____/_/   \\___/  ',
];
const columns = Math.max(...art.map((line) => line.length));
const frameMs = 1000 / 24;
/** Hues of the slow colour change, in degrees: violet, blue, teal, and back. */
const hues = [258, 222, 190, 222, 258, 290];
const secondsPerHue = 7;

/** The logo as drawn by an old terminal: a slow wave, slow colours, faint scan lines. Still when hidden or unwanted. */
@Component({
  selector: 'ak-ascii-logo',
  template: '<canvas #canvas role="img" aria-label="AiKore"></canvas>',
  styles: `
    :host {
      display: block;
      width: 100%;
    }
    canvas {
      display: block;
      width: 100%;
      height: 150px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AsciiLogo {
  private readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)');
  private inSight = false;
  private frame = 0;
  private drawnAt = 0;

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const element = this.canvas().nativeElement;
      const sight = new IntersectionObserver(([entry]) => {
        this.inSight = entry?.isIntersecting ?? false;
        this.wake();
      });
      const resized = new ResizeObserver(() => this.draw(performance.now()));
      const wake = () => this.wake();
      sight.observe(element);
      resized.observe(element);
      document.addEventListener('visibilitychange', wake);
      this.calm.addEventListener('change', wake);
      void document.fonts?.ready.then(() => this.draw(performance.now()));
      destroyed.onDestroy(() => {
        this.inSight = false;
        cancelAnimationFrame(this.frame);
        sight.disconnect();
        resized.disconnect();
        document.removeEventListener('visibilitychange', wake);
        this.calm.removeEventListener('change', wake);
      });
    });
  }

  private get moving(): boolean {
    return this.inSight && !document.hidden && !this.calm.matches;
  }

  private wake(): void {
    cancelAnimationFrame(this.frame);
    if (this.moving) this.frame = requestAnimationFrame((now) => this.tick(now));
    else this.draw(0);
  }

  private tick(now: number): void {
    if (!this.moving) return;
    if (now - this.drawnAt >= frameMs) this.draw(now);
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  private draw(now: number): void {
    this.drawnAt = now;
    const element = this.canvas().nativeElement;
    const context = element.getContext('2d');
    const { clientWidth: width, clientHeight: height } = element;
    if (!context || width === 0 || height === 0) return;
    const scale = devicePixelRatio;
    if (element.width !== Math.round(width * scale)) element.width = Math.round(width * scale);
    if (element.height !== Math.round(height * scale)) element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    drawArt(context, width, height, this.calm.matches ? 0 : now / 1000);
  }
}

function drawArt(context: CanvasRenderingContext2D, width: number, height: number, seconds: number): void {
  const cell = Math.min((width - 24) / columns, 14, height / (art.length * 2.1));
  const line = cell * 1.72;
  const left = (width - cell * columns) / 2;
  const top = (height - line * art.length) / 2 + line * 0.8;
  const light = document.documentElement.dataset['theme'] === 'light';
  context.font = `400 ${cell * 1.66}px 'Roboto Mono', monospace`;
  for (let column = 0; column < columns; column++) {
    const hue = hueAt(seconds + column * 0.09);
    const glow = 0.5 + 0.5 * Math.sin(seconds * 0.9 - column * 0.16);
    context.fillStyle = light ? `hsl(${hue} 52% ${38 + glow * 10}%)` : `hsl(${hue} 78% ${66 + glow * 13}%)`;
    const lift = Math.sin(seconds * 1.1 + column * 0.23) * cell * 0.08;
    for (let row = 0; row < art.length; row++) {
      const character = art[row]?.[column];
      if (character && character !== ' ') context.fillText(character, left + column * cell, top + row * line + lift);
    }
  }
  // Scan lines: every third row a little weaker.
  context.globalCompositeOperation = 'destination-out';
  context.fillStyle = 'rgb(0 0 0 / 22%)';
  for (let y = 0; y < height; y += 3) context.fillRect(0, y, width, 1);
  context.globalCompositeOperation = 'source-over';
}

function hueAt(seconds: number): number {
  const place = seconds / secondsPerHue;
  const from = hues[Math.floor(place) % hues.length] ?? 258;
  const to = hues[(Math.floor(place) + 1) % hues.length] ?? 258;
  const share = (1 - Math.cos((place % 1) * Math.PI)) / 2;
  return from + (to - from) * share;
}
