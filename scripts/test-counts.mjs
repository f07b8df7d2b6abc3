/**
 * Counts the tests in the report that the test runner leaves behind. Must not be kinder than the
 * runner: what is missing or could not be loaded is a failure.
 */
import { readFileSync } from "node:fs";

/**
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * @param {string} reportPath a report in the runner's JSON form
 * @returns {TestCounts}
 */
export function countTests(reportPath) {
	let report;
	try {
		report = JSON.parse(readFileSync(reportPath, "utf8"));
	} catch {
		return { passed: 0, failed: 1, skipped: 0 }; // the runner died before it could report
	}
	/** @type {readonly { status: string, assertionResults: readonly { status: string }[] }[]} */
	const files = report.testResults;
	// A file that fails without a failed test could not be loaded, or broke before or after its tests.
	const broken = files.filter(({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"));
	return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped: report.numPendingTests + report.numTodoTests };
}
