import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		benchmark: {include: ['bench/**/*.bench.ts']},
		globalSetup: 'test/helpers/build.ts',
		// Real processes on a busy machine: a limit for what hangs, not a measure of speed.
		testTimeout: 120_000,
		hookTimeout: 120_000,
		// Most of a test is waiting for processes: two of them leave half of two cores idle.
		maxWorkers: 3,
	},
});
