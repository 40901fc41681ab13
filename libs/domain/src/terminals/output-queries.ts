const queries: readonly RegExp[] = [
  /^\x1b\[[?>=]?[\d;]*c$/, // what are you
  /^\x1b\[\??[\d;]*n$/, // status, where is the cursor
  /^\x1b\[\??[\d;]*\$p$/, // is this mode set
  /^\x1b\[>[\d;]*q$/, // name and version
  /^\x1b\[\?u$/, // keyboard protocol
  /^\x1b\[(?:1[1-9]|2[01])(?:;\d*)*t$/, // sizes, titles
  /^\x1bP[$+]q/, // settings, terminfo
  /^\x1b\]\d+;(?:[^;]*;)*\?/, // colours
  /^\x1b\]52;/, // no question: it sets the clipboard
];

/**
 * True for a sequence of a program that a terminal answers, or that acts outside of the terminal: it is for whoever
 * watches at that moment, and must not be said again to somebody who looks later. The answer would be typed into a
 * program that did not ask.
 */
export const isForTheMoment = (sequence: string): boolean => queries.some((query) => query.test(sequence));

const answers =
  /^(?:\x1b\[[?>=]?[\d;]*[cn]|\x1b\[\??\d+;\d+R|\x1b\[\??[\d;]*\$y|\x1b\[[IO]|\x1bP[^\x1b]*\x1b\\|\x1b\]\d+;[^\x07\x1b]*(?:\x07|\x1b\\))+$/;

/** True for input that a terminal sends by itself: answers to such queries, and that it gained or lost the focus. */
export const isTerminalAnswer = (input: string): boolean => input.startsWith('\x1b') && answers.test(input);
