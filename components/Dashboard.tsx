import {Box, Text, useApp, useCursor, useInput, usePaste, useWindowSize} from 'ink';
import {useEffect, useReducer, useRef} from 'react';
import type {Action, ActionResult} from '../src/model/action.ts';
import type {Raid} from '../src/model/raid.ts';
import {dashboardScreen} from '../src/view/dashboard.ts';
import {paste, press} from '../src/view/keymap.ts';
import type {Effect, Step} from '../src/view/moves.ts';
import {noticeOf, problemOf} from '../src/view/notice.ts';
import {emptyDraft, initialView, type Notice} from '../src/view/state.ts';
import {paint} from '../src/view/theme.ts';
import {keysOf} from './keys.ts';
import {useSuspend} from './suspend.ts';

/** A raid that is watched. */
export interface Watched {
	readonly show: (channel: string) => void;
	readonly close: () => Promise<void>;
}

/** What the dashboard is connected to. */
export interface DashboardProps {
	readonly hasColor: boolean;
	/** Starts the news of the raid; the first comes before it returns. */
	readonly watch: (listener: {onRaid: (raid: Raid) => void; onError: (error: unknown) => void}) => Watched;
	readonly act: (action: Action) => Promise<ActionResult>;
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
	const watched = useRef<Watched | null>(null);

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
					result => tell(noticeOf(result)),
					error => {
						// What could not be posted is not lost.
						if (view.current.draft.text === '')
							view.current = {...view.current, draft: effect.draft ?? emptyDraft};
						tellProblem(error);
					},
				);
				break;
			case 'show':
				watched.current?.show(effect.channel);
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
