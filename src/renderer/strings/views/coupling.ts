/** What the view of one box or many says. */
export const couplingStrings = {
	title: "One box or many",
	work: { counter: "Counter", sum: "Sum", matrix: "Product of matrices" } as { readonly [work: string]: string },
	world: { box: "One memory for all", many: "Memories apart, messages" } as { readonly [world: string]: string },
	notBegun: "not begun",
	working: "at work",
	right: "right",
	wrong: (got: number, expected: number) => `${got} instead of ${expected}`,
	took: "took",
	touches: { box: "accesses to memory", many: "messages" } as { readonly [world: string]: string },
} as const;
