/** A reader of CSV that forgives nothing: RFC 4180 to the letter, every record of one length. */

/** @throws Error naming the position of the first departure from the RFC */
export function parseCsv(text: string): string[][] {
	const records: string[][] = [];
	let record: string[] = [];
	let at = 0;
	const fail = (what: string): never => {
		throw new Error(`${what} at character ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))}`);
	};
	const quoted = (): string => {
		let value = "";
		for (at++; ; at++) {
			if (at >= text.length) fail("a quoted field does not end");
			if (text[at] !== '"') value += text[at];
			else if (text[at + 1] === '"') value += text[at++];
			else break;
		}
		at++;
		return value;
	};
	const bare = (): string => {
		const from = at;
		while (at < text.length && text[at] !== "," && text[at] !== "\r" && text[at] !== "\n") {
			if (text[at] === '"') fail("a quote in a field that is not quoted");
			at++;
		}
		return text.slice(from, at);
	};
	while (at < text.length) {
		record.push(text[at] === '"' ? quoted() : bare());
		if (text[at] === ",") {
			at++;
			continue;
		}
		if (text[at] !== "\r" || text[at + 1] !== "\n") fail("a record does not end in CRLF");
		at += 2;
		if (records[0] !== undefined && record.length !== records[0].length) fail(`a record of ${record.length} fields`);
		records.push(record);
		record = [];
	}
	if (record.length > 0) fail("the last record does not end");
	return records;
}
