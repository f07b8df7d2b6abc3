import { expect, test } from "vitest";
import type { Plan } from "../../../shared/plan.ts";
import { mentionOf } from "./mention.ts";

const plan = { labId: "front-door", nodes: [{ name: "crowd" }, { name: "web-3" }], checks: [{ id: "eased-in" }] } as unknown as Plan;
const of = (code: string) => mentionOf(code, { plan, variants: ["no-retries", "crowd"] });
const plain = { parameters: {}, story: [] };

test("flags, whole command lines and variants are runs to set up", () => {
	expect(of("--set servers=3")).toEqual({ kind: "run", wishes: { parameters: { servers: "3" }, story: [] } });
	expect(of("npm run -s quorate -- run front-door --seed 3\n")).toEqual({ kind: "run", wishes: { ...plain, seed: 3 } });
	expect(of("no-retries")).toEqual({ kind: "run", wishes: { ...plain, variant: "no-retries" } });
});

test("checks and nodes are shown where they are", () => {
	expect(of("eased-in")).toEqual({ kind: "check", check: "eased-in" });
	expect(of("web-3")).toEqual({ kind: "node", node: 1 });
});

test("everything else is only read", () => {
	for (const code of ["--json", "--save run.quorate", "npm run -s quorate -- run ping", "WEB-3", "2(N-1)", ""]) expect(of(code), code).toBeNull();
});
