/** How another program of the same machine, such as a shell, has a film played: small on purpose. */
import type { NodeContext, Task } from "../../core/node-api.ts";

/** `player.play`: `{ film }`; answered with a PlayerAnswer once the film has begun, or cannot. */
export const playMessage = "player.play";
/** `player.stop`. */
export const stopMessage = "player.stop";

/** For the `names` of every service that has films played. */
export const playerClientNames: readonly string[] = [playMessage, stopMessage];

/** `text` is a sentence for the user. */
export type PlayerAnswer = { readonly ok: boolean; readonly text: string };

const playerServiceName = "player";
const noPlayer: PlayerAnswer = { ok: false, text: "there is no player on this machine" };
const noAnswer: PlayerAnswer = { ok: false, text: "the film did not begin in time" };

/** Begins a film on this very machine. */
export function playFilm(ctx: NodeContext, film: string, { patienceUs = 10_000_000 }: { readonly patienceUs?: number } = {}): Task<PlayerAnswer> {
	return ask(ctx, playMessage, { film }, patienceUs);
}

export function stopFilm(ctx: NodeContext): Task<PlayerAnswer> {
	return ask(ctx, stopMessage, {}, 1_000_000);
}

function* ask(ctx: NodeContext, message: string, body: { readonly film?: string }, timeoutUs: number): Task<PlayerAnswer> {
	if (!ctx.self.services.includes(playerServiceName)) return noPlayer;
	const result = yield* ctx.call<PlayerAnswer>(ctx.self.name, message, body, { timeoutUs });
	return result.ok ? result.body : noAnswer;
}
