/** What the view of jobs says. */
const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

export const jobsStrings = {
	title: "Jobs",
	explains: "A track for each job: how far it is, what is saved, and where it changed hands.",
	table: "Jobs, newest first",
	name: (id: string, program: string, argument: number) => `${id}: ${program} ${argument.toLocaleString("en")}`,
	older: (count: number) => `and ${count} older`,
	running: (count: number) => `${counted(count, "job runs", "jobs run")}`,
	done: (count: number) => `${count} done`,
	failed: (count: number) => `${count} failed`,
	waiting: (count: number) => `${counted(count, "job waits", "jobs wait")}`,
	takenOver: (count: number) => `taken over ${count === 1 ? "once" : `${count} times`}`,
	states: { queued: "waiting", running: "running", done: "done", failed: "failed", killed: "killed" } as { readonly [state: string]: string },
	steps: (done: number, steps: number) => `${done} of ${steps} steps`,
	track: (stretches: readonly string[]) => (stretches.length === 0 ? "no step is done yet" : stretches.join("; ")),
	stretch: (machine: string, from: number, to: number) => `steps ${from + 1} to ${to} by ${machine}`,
	legend: { stretch: "steps by one machine", saved: "checkpoint", flame: "it died; another went on from here" },
	on: (machine: string) => `on ${machine}`,
	at: (step: number) => `saved at step ${step}`,
	nobody: "on no machine yet",
	helper: (name: string) => `${name} runs it as well`,
	moving: (name: string) => `moves to ${name}`,
	takeovers: "Every time one changed hands",
	takeover: (job: string, from: string, to: string, step: number) => `job ${job}: ${to} went on for ${from}, from step ${step}`,
	noTakeovers: "Nobody has had to take a job over.",
	told: (answer: string) => `its user was told: ${answer}`,
} as const;
