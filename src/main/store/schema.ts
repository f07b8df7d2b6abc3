/**
 * The tables of a session file, to the letter: a file whose schema differs by one character from its
 * version's is refused before anything in it is asked. docs/session-format.md explains the columns.
 */

/** "Quor": tells a session from any other SQLite file. */
export const applicationId = 0x51_75_6f_72;
/** `user_version` of the file; equals sessionFormatVersion. */
export const schemaVersion = 1;
export const pageBytes = 4_096;

/** In the order in which they are created, by name. */
export const tables: readonly (readonly [name: string, sql: string])[] = [
	["session", "CREATE TABLE session (id INTEGER PRIMARY KEY, header TEXT NOT NULL, lab TEXT NOT NULL, plan TEXT NOT NULL) STRICT"],
	["seal", "CREATE TABLE seal (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT"],
	[
		"branches",
		"CREATE TABLE branches (branch INTEGER PRIMARY KEY, parent INTEGER NOT NULL, fork_index INTEGER NOT NULL, fork_us INTEGER NOT NULL, name TEXT NOT NULL, event_count INTEGER NOT NULL, until_us INTEGER NOT NULL, digest BLOB NOT NULL, finished INTEGER NOT NULL, verdicts TEXT NOT NULL, block_count INTEGER NOT NULL, block_seal BLOB NOT NULL, command_count INTEGER NOT NULL, command_seal BLOB NOT NULL) STRICT",
	],
	[
		"blocks",
		"CREATE TABLE blocks (branch INTEGER NOT NULL, block INTEGER NOT NULL, event_count INTEGER NOT NULL, stored_count INTEGER NOT NULL, from_us INTEGER NOT NULL, until_us INTEGER NOT NULL, part_count INTEGER NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (branch, block)) STRICT, WITHOUT ROWID",
	],
	[
		"parts",
		"CREATE TABLE parts (id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, block INTEGER NOT NULL, part INTEGER NOT NULL, first_offset INTEGER NOT NULL, stored_count INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, checksum BLOB NOT NULL, records BLOB NOT NULL, UNIQUE (branch, block, part)) STRICT",
	],
	[
		"commands",
		"CREATE TABLE commands (branch INTEGER NOT NULL, sequence INTEGER NOT NULL, at_us INTEGER NOT NULL, origin TEXT NOT NULL, line TEXT NOT NULL, seal BLOB NOT NULL, PRIMARY KEY (branch, sequence)) STRICT, WITHOUT ROWID",
	],
	[
		"notes",
		"CREATE TABLE notes (id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, event_index INTEGER NOT NULL, wall_ms INTEGER NOT NULL, text TEXT NOT NULL) STRICT",
	],
	[
		"answers",
		"CREATE TABLE answers (id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, event_index INTEGER NOT NULL, wall_ms INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL) STRICT",
	],
	[
		"checkpoints",
		"CREATE TABLE checkpoints (id INTEGER PRIMARY KEY, branch INTEGER NOT NULL, event_index INTEGER NOT NULL, at_us INTEGER NOT NULL, kind TEXT NOT NULL, raw_bytes INTEGER NOT NULL, checksum BLOB NOT NULL, state BLOB NOT NULL) STRICT",
	],
];

/** What `sqlite_schema` must hold, sorted by name; the index is the one behind the UNIQUE of `parts`. */
export const schemaRows: readonly (readonly [type: string, name: string, table: string, sql: string | null])[] = [
	...tables.map(([name, sql]) => ["table", name, name, sql] as const),
	["index", "sqlite_autoindex_parts_1", "parts", null] as const,
].sort((a, b) => (a[1] < b[1] ? -1 : 1));
