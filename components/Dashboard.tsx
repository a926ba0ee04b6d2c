import {Box, Text, useApp, useCursor, useInput, usePaste, useWindowSize} from 'ink';
import {useEffect, useReducer, useRef} from 'react';
import {paste, press} from '../src/dashboard/keymap.ts';
import type {Effect, Step} from '../src/dashboard/moves.ts';
import {dashboardScreen} from '../src/dashboard/screen.ts';
import {emptyDraft, initialView, type Notice, noticeOf, problemOf} from '../src/dashboard/state.ts';
import type {Action, ResultOf} from '../src/model/action.ts';
import {presentQuery} from '../src/model/query.ts';
import type {Raid} from '../src/model/raid.ts';
import type {Listener, Watch} from '../src/model/watch.ts';
import {paint} from '../src/text/theme.ts';
import {keysOf} from './keys.ts';
import {useSuspend} from './suspend.ts';

/** What the dashboard is connected to. */
export interface DashboardProps {
	readonly hasColor: boolean;
	/** Starts the news of the raid; the first comes before it returns. */
	readonly watch: (listener: Listener) => Watch;
	readonly act: <A extends Action>(action: A) => Promise<ResultOf<A>>;
	readonly repaint: () => void;
}

/** The whole screen. What to show is decided by the view; this connects it with the terminal. */
export function Dashboard({hasColor, watch, act, repaint}: DashboardProps) {
	const suspend = useSuspend();
	const {exit} = useApp();
	const {columns: width, rows: height} = useWindowSize();
	const {setCursorPosition} = useCursor();
	const [, draw] = useReducer((count: number) => count + 1, 0);
	// Several keys of one chunk must each see what the one before did: state is read and written at once.
	const view = useRef(initialView);
	const raid = useRef<Raid | null>(null);
	const watched = useRef<Watch | null>(null);

	const tell = (notice: Notice) => {
		view.current = {...view.current, notice};
		draw();
	};
	const tellProblem = (error: unknown) => tell(problemOf(error));

	// biome-ignore lint/correctness/useExhaustiveDependencies: one watch for the life of the screen.
	useEffect(() => {
		watched.current = watch({
			onRaid(fresh) {
				raid.current = fresh;
				draw();
			},
			onError: tellProblem,
		});
		return () => void watched.current?.close();
	}, []);

	const carryOut = (effect: Effect) => {
		switch (effect.type) {
			case 'perform':
				act(effect.action).then(
					result => tell(noticeOf(effect.action, result)),
					error => {
						// What could not be posted is not lost.
						if (view.current.draft.text === '')
							view.current = {...view.current, draft: effect.draft ?? emptyDraft};
						tellProblem(error);
					},
				);
				break;
			case 'show':
				watched.current?.ask({...presentQuery, channel: effect.channel});
				break;
			case 'repaint':
				repaint();
				break;
			case 'suspend':
				suspend();
				break;
			case 'quit':
				exit();
		}
	};
	const take = ({view: next, effect}: Step) => {
		view.current = next;
		draw();
		if (effect !== undefined) carryOut(effect);
	};

	useInput((input, key) => {
		for (const name of keysOf(input, key))
			if (raid.current !== null) take(press(name, view.current, raid.current));
	});
	usePaste(text => {
		if (raid.current !== null) take(paste(text, view.current, raid.current));
	});

	if (raid.current === null) return <Text>opening …</Text>;
	const {rows, cursor} = dashboardScreen(raid.current, view.current, {width, height});
	setCursorPosition(cursor ?? undefined);
	return (
		<Box width={width} height={height} flexDirection="column">
			{rows.map((row, slot) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Text key={slot} wrap="truncate">
					{paint(row, hasColor)}
				</Text>
			))}
		</Box>
	);
}
