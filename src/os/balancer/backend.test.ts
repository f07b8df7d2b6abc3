import { expect, test } from "vitest";
import type { PeerInfo } from "../../core/node-api.ts";
import { matchesPattern, selectServers } from "./backend.ts";
import { readBalancerConfig } from "./config.ts";

test.each([
	["web-3", "web-*", true],
	["web-", "web-*", true],
	["web-3", "*", true],
	["web-3", "web-3", true],
	["web-33", "web-3", false],
	["my-web-3", "web-*", false],
	["eu-web-3", "eu-*-3", true],
	["eu-3", "eu-*-3", false],
	["a-b-c-d", "a*b*d", true],
	["aba", "a*ba*a", false],
	["web-3", "web.3", false],
])("%s matches %s: %s", (name, pattern, matches) => {
	expect(matchesPattern(name, pattern)).toBe(matches);
});

function peer(name: string, role: string): PeerInfo {
	return { name, role, region: "", services: [] };
}

const peers = [peer("web-2", "web"), peer("client-1", "client"), peer("web-1", "web"), peer("spare", "web")];

test("servers are chosen by pattern, role or name, once each, in plan order", () => {
	expect(selectServers(peers, ["web-*"]).map(({ name }) => name)).toEqual(["web-2", "web-1"]);
	expect(selectServers(peers, ["role:web"]).map(({ name }) => name)).toEqual(["web-2", "web-1", "spare"]);
	expect(selectServers(peers, ["spare", "web-1", "web-*"]).map(({ name }) => name)).toEqual(["web-2", "web-1", "spare"]);
});

test("a pattern that matches nobody is refused", () => {
	expect(() => selectServers(peers, ["web-*", "db-*"])).toThrow('balancer: servers "db-*" matches no other node of this lab');
});

test.each([
	[{ algorithm: "round-robbin" }, "balancer: algorithm must be one of round-robin, weighted"],
	[{ algorithm: "round-robbin" }, "did you mean round-robin?"],
	[{ maxUtilisation: 80 }, "balancer: maxUtilisation must be a number from 0.05 to 1, or off; got 80"],
	[{ healthPeriod: "0s" }, "balancer: healthPeriod must be a duration from 1ms to 1h"],
	[{ weights: { "web-1": 0 } }, "balancer: weights.web-1 must be a mapping of names to numbers"],
	[{ healthPeriode: "1s" }, 'balancer: unknown key "healthPeriode"; did you mean healthPeriod?'],
])("the configuration %o is refused", (config, message) => {
	expect(() => readBalancerConfig(config)).toThrow(message);
});

test("without configuration the balancer serves the role web, one after the other, at most at 80 %", () => {
	const config = readBalancerConfig(null);
	expect(config).toMatchObject({ servers: ["role:web"], algorithm: "round-robin", healthPeriodUs: 500_000, budget: { maxUtilisation: 0.8 } });
});
