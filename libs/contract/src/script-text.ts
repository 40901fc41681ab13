/**
 * A script as bash can run it: Unix line ends (bash takes a CR for part of the word before it) and no byte order mark
 * (bash takes it for part of the first word). A CR in the middle of a line stays.
 */
export const runnableScript = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r+\n/g, '\n');
