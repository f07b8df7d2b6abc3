/**
 * What lanes that are hidden passed on: from a sending that is shown to a delivery that is shown, through
 * messages of nodes that are not. Drawn dashed, so that hiding a lane hides no causality. Pure.
 */

/** A message on the diagram; only one that was delivered passes anything on. */
export interface PassedMessage {
	readonly fate: "delivered" | string;
	readonly from: number;
	readonly to: number;
	readonly sentIndex: number;
	readonly endIndex: number;
}

export interface IndirectLink<Message> {
	/** The message that set out where it is seen. */
	readonly first: Message;
	/** The one that arrived where it is seen. */
	readonly last: Message;
}

/** Of what a hidden node knows, the latest from each node that is shown; and no more than so many. */
const originsMax = 16;
const linksMax = 2_000;

/** @param isShown whether the node has a lane; @returns in the order of their arrivals */
export function indirectLinks<Message extends PassedMessage>(
	messages: readonly Message[],
	isShown: (node: number) => boolean,
): readonly IndirectLink<Message>[] {
	const steps: { readonly index: number; readonly message: Message; readonly isEnd: boolean }[] = [];
	for (const message of messages) {
		if (message.fate !== "delivered" || (isShown(message.from) && isShown(message.to))) continue;
		steps.push({ index: message.sentIndex, message, isEnd: false }, { index: message.endIndex, message, isEnd: true });
	}
	steps.sort((a, b) => a.index - b.index);
	/** What each hidden node has heard since it last passed it on: by the shown node it came from. */
	const known = new Map<number, Map<number, Message>>();
	/** What a message between hidden nodes, or to a shown one, carries. */
	const carried = new Map<Message, ReadonlyMap<number, Message>>();
	const links: IndirectLink<Message>[] = [];
	for (const { message, isEnd } of steps) {
		const { from, to } = message;
		if (!isEnd) {
			if (!isShown(from)) carried.set(message, new Map(known.get(from)));
			continue;
		}
		const origins = isShown(from) ? new Map([[from, message]]) : (carried.get(message) ?? new Map<number, Message>());
		carried.delete(message);
		if (isShown(to)) {
			for (const first of origins.values()) if (first.from !== to && links.length < linksMax) links.push({ first, last: message });
			continue;
		}
		const heard = known.get(to) ?? new Map<number, Message>();
		for (const [origin, first] of origins) {
			const before = heard.get(origin);
			if (before === undefined ? heard.size < originsMax : before.sentIndex < first.sentIndex) heard.set(origin, first);
		}
		known.set(to, heard);
	}
	return newest(links);
}

/** Of several that tell the same to one lane by one message, and of those told again by the next, one is enough. */
function newest<Message extends PassedMessage>(links: readonly IndirectLink<Message>[]): readonly IndirectLink<Message>[] {
	const told = new Set<string>();
	return links.filter(({ first, last }) => {
		const key = `${first.sentIndex} ${last.to}`;
		if (told.has(key)) return false;
		told.add(key);
		return true;
	});
}
