/** How numbers become words, and words a sentence. */

export const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A reason in a list becomes a sentence where it stands alone; it may begin with the name of a node, which keeps its letters. */
export const sentence = (reason: string): string => `${reason}.`;
