// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lab files name parameters so
/** Small labs as their authors write them, and the compiler's answer to a text: a plan, or what is wrong with it. */
import { expect } from "vitest";
import type { PlainValue } from "../../src/shared/codec.ts";
import { QuorateError } from "../../src/shared/errors.ts";
import { compileLab, type LabOverrides } from "../../src/shared/lab/compile.ts";
import type { ServiceInfo } from "../../src/shared/lab/services.ts";
import type { Plan } from "../../src/shared/plan.ts";

const services: readonly ServiceInfo[] = [
	{ name: "web-server", names: ["http.request", "visit"], configure: checkConfig },
	{ name: "crowd", names: ["visit", "crowd.arrival", "Zulu"], configure: checkConfig },
	{ name: "unused", names: ["never"], configure: checkConfig },
];

function checkConfig(config: PlainValue): PlainValue {
	const port = (config as { readonly port?: PlainValue }).port;
	if (port !== undefined && typeof port !== "number") throw new Error(`web-server: port must be a number; got ${JSON.stringify(port)}`);
	return config;
}

export function compile(text: string, overrides: LabOverrides = {}): Plan {
	return compileLab({ text, fileName: "lab.yaml", services, overrides }).plan;
}

export function refusal(text: string, overrides: LabOverrides = {}): QuorateError {
	try {
		compile(text, overrides);
	} catch (error) {
		if (error instanceof QuorateError) return error;
		throw error;
	}
	throw new Error("the lab was accepted");
}

/** The problems told, one an entry. */
export function problems(text: string): readonly string[] {
	const error = refusal(text);
	expect(error.code).toBe("lab-invalid");
	return error.message.split("\n");
}

export const head = "id: small\ntitle: Small\nshows: A little.\nduration: 10s\n";
export const pair = `${head}nodes:
  - name: crowd
    role: client
    services: [{ service: crowd }]
  - name: web-{n}
    count: 3
    services: [{ service: web-server, config: { port: 80, self: "web-{n}" } }]
links:
  - between: [crowd, web-*]
    latency: 5ms
`;

export const withParameters = `${pair.replace("count: 3", "count: ${servers}").replace("latency: 5ms", "latency: ${latency}")}    loss: \${loss}
parameters:
  - { name: servers, title: Servers, type: integer, min: 1, max: 5, default: 2 }
  - { name: latency, title: Latency, type: duration, min: 1ms, max: 1s, default: 10ms }
  - { name: loss, title: Loss, type: number, min: 0, max: 1, default: 0 }
  - { name: shape, title: Shape, type: choice, choices: [round, square], default: round }
  - { name: loud, title: Loud, type: boolean, default: false }
story:
  - "1s ask crowd \\"\${shape} and \${loud}\\""
checks:
  - { id: quick, expression: "p99 of visit <= \${latency}", shows: Quick. }
  - { id: up, expression: crashes == 0, shows: Up. }
variants:
  - { id: many, title: Many, breaks: quick, parameters: { servers: 4, shape: square } }
  - id: broken
    title: Broken
    breaks: up
    services: [{ nodes: web-2, service: web-server, config: { port: null, extra: { deep: 1 } } }]
    links: [{ between: [web-2, crowd], backward: { loss: 1 } }]
    addStory: [3s crash web-1]
  - { id: silent, title: Silent, breaks: up, story: [] }
`;
