/** What the map of the file system says. */
export const filesStrings = {
	title: "Files",
	explains: "Every square is a copy of a block, on the drive where it lies.",
	map: "Regions, machines and drives",
	files: "Files, block by block",
	noFiles: "no files yet",
	noRegion: "no region",
	drive: (index: number) => `drive ${index}`,
	empty: "empty",
	whole: (count: number) => `${count} blocks, all of their copies stand`,
	thin: (count: number) => `${count} of the blocks lack copies`,
	lost: (count: number) => `${count} blocks are lost`,
	moves: (count: number) => (count === 1 ? "one copy on its way" : `${count} copies on their way`),
	move: (path: string, label: string, from: string, to: string) => `${path || "a file"}, block ${label}: ${from} to ${to}`,
	comes: (label: string, from: string) => `${label} from ${from}`,
	copy: (path: string, label: string, isHarmed: boolean) =>
		`${path || "of no known file"}, block ${label}${isHarmed ? ", damaged, and no program knows yet" : ""}`,
	harmed: "damaged, and no program knows yet",
	standing: (standing: number, wanted: number) => `${standing} of ${wanted}`,
	block: (number: number, standing: number, wanted: number) => `Block ${number}: ${standing} of ${wanted} copies stand`,
	blockLost: (number: number) => `Block ${number} is lost`,
	used: "used",
} as const;
